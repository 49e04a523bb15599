import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, flag, outputFolder, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "reproduce",
  summary: "Trains a finished run again and compares every promised file, byte for byte",
  usage: ["RUN", "CONFIG"],
  positionals: { count: [1, 1], expected: "one run folder or config" },
  about: `${RUN_NAMES}

The run may have been received from someone else. It is trained again from its own
config.json in a temporary folder. Its data is found by SHA-256: at the recorded path, in --data-dir, or
in the run folder. CONFIG stands for the finished run of that config in --output. A run that started from
another run needs that run beside it.`,
  options: {
    output: outputFolder(),
    dataDir,
    threads,
    quiet: flag("Show only errors and the comparison"),
  },
  result:
    `Prints each file with its expected and received SHA-256. For a difference, it prints where the file first
differs (the epoch of metrics, the tensor and element of a model) and how the environment differs. If
anything differs, the folder of the new run is kept and printed last.`,
  stops: "nothing was kept: the same command starts again",
  exits: { 0: "all bytes agree", 1: "some bytes differ, or the run cannot be trained again" },
  needs: ["outputs", "cache", "mirrors"],
  opensArchives: true,
  run: runOfModule(import.meta.resolve("./reproduce/run.ts")),
});
