import { SPLITS } from "../lib/data/split/samples.ts";
import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  anyText,
  dataDir,
  listOf,
  optional,
  RUN_NAMES,
  threads,
  wholeNumber,
} from "./cli/options.ts";

/** Largest number of augmented copies of each image. A larger number is rejected as a typing mistake. */
const MOST_COPIES = 1000;

export const command = defineCommand({
  name: "evaluate",
  summary: "Evaluates the model of a finished run, without training",
  usage: ["RUN"],
  positionals: { count: [1, 1], expected: "one run folder" },
  about: `${RUN_NAMES}

Of an ensemble, the members beside it are evaluated and their probabilities averaged.`,
  options: {
    on: optional(
      "SPLITS",
      "Splits to evaluate: train, validation, test, or several separated by commas. Defaults to those " +
        "of the run's config",
      listOf("splits", SPLITS),
    ),
    augmentedCopies: {
      ...optional(
        "N",
        "Average each image's probabilities with those of N copies, augmented as in training. Defaults to " +
          "the number in the run's config",
        wholeNumber(0, MOST_COPIES),
      ),
      former: "deformations",
    },
    against: optional(
      "RUN",
      "Compare with the model of another run on the same samples",
      anyText,
    ),
    dataDir,
    threads,
  },
  result:
    `With --against, McNemar's test shows whether one of the two models is better. Only samples that one
model gets right and the other wrong count; p is the probability of counts at least as unequal if both
models were equally good. Run folders are only read.`,
  needs: ["cache", "mirrors"],
  opensArchives: true,
  run: runOfModule(import.meta.resolve("./evaluate/run.ts")),
});
