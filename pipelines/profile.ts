import { runOf } from "./cli/command.ts";
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
  summary: "Profiles the training step of a config: what each operation takes, computes and moves",
  usage: ["CONFIG"],
  words: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json; its data is loaded, its network initialized, and training
steps are taken with a clock beside each worker: first by one worker, then by as many as --threads
says, unless that is 1. What the machine can do at most is measured in the same process.`,
  options: {
    set: overrides,
    dataDir,
    threads,
    seconds: withDefault(
      "S",
      "4",
      "How long to look at each of them, 0.1 to 600",
      numberBetween(0.1, 600),
    ),
    output: outputFolder(),
    png,
  },
  result:
    `Tables go to stdout; the last line is the folder, with profile.json, profile.svg and trace.json, which
ui.perfetto.dev and chrome://tracing open. Useful work alone is counted: zeros that are skipped are not.`,
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./profile/run.ts")),
});
