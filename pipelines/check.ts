import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  flag,
  optional,
  outputFolder,
  overrides,
  threads,
  wholeNumber,
} from "./cli/options.ts";

export const command = defineCommand({
  name: "check",
  summary: "Checks a config, and outlines its network and cost without training",
  usage: ["CONFIG"],
  positionals: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json. The sizes of published data sets are known, so their files are
not read. Of the user's own files the headers and labels are read; rows, classes and categories of a large table
are estimated from some of its lines. The expected time follows from the newest run or profile in the folder of
results.`,
  options: {
    set: overrides,
    train: flag(
      "Also run sanity checks in seconds: loss at the start, gradients, dead units, one batch, shuffled labels",
    ),
    resolved: flag("Also print the config with all defaults"),
    dataDir,
    threads,
    ranks: optional(
      "R",
      "Also print the expected time of a step by 1 to R ranks, from measured rates and the measured link",
      wholeNumber(1, 4096),
    ),
    output: outputFolder(),
  },
  exits: { 1: "a sanity check failed" },
  needs: ["cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./check/run.ts")),
});
