import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  numberBetween,
  outputFolder,
  overrides,
  png,
  threads,
  withDefault,
} from "./cli/options.ts";

export const command = defineCommand({
  name: "profile",
  summary:
    "Profiles the training step of a config: time, arithmetic and memory traffic by operation",
  usage: ["CONFIG"],
  positionals: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json. Its data is loaded, its network initialized, and training
steps are timed call by call on each worker: first with one worker, then with --threads of them unless
that is 1. The peak rates of the machine are measured in the same process.`,
  options: {
    set: overrides,
    dataDir,
    threads,
    seconds: withDefault(
      "S",
      "4",
      "Seconds of measurement for each number of workers, 0.1 to 600",
      numberBetween(0.1, 600),
    ),
    output: outputFolder(),
    png,
  },
  result:
    `Tables are printed to stdout; the last line is the folder, with profile.json, profile.svg and trace.json,
which opens in ui.perfetto.dev and chrome://tracing. Only useful arithmetic is counted, without skipped
zeros.`,
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./profile/run.ts")),
});
