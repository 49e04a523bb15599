import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { dataDir, flag, outputFolder, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "reproduce",
  summary: "Trains a finished run again and compares every promised file, byte for byte",
  usage: ["RUN", "CONFIG"],
  words: { count: [1, 1], expected: "one run folder or config" },
  about: `${RUN_NAMES}

It may be one that somebody sent. It is trained again from its own config.json in a
temporary folder. Its data is found by its SHA-256: where the run had it, in --data-dir, else in the run
folder. CONFIG stands for the finished run of that config in --output. A run that began from another
needs that one beside it.`,
  options: {
    output: outputFolder(),
    dataDir,
    threads,
    quiet: flag("Show nothing but errors and the comparison"),
  },
  result:
    `Prints each file with its expected and found SHA-256; of a difference, where it begins, the epoch of
metrics, the tensor and element of a model, and what differs in the environment. If anything differs, the
folder of the new run is kept and printed last.`,
  stops: "nothing was kept: the same command begins anew",
  exits: { 0: "all bytes agree", 1: "something differs, or the run cannot be trained again" },
  needs: ["outputs", "cache", "mirrors"],
  opensArchives: true,
  run: runOf(import.meta.resolve("./reproduce/run.ts")),
});
