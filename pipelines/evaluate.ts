import { SPLITS } from "../lib/data/split/samples.ts";
import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  anyText,
  dataDir,
  optional,
  RUN_NAMES,
  someOf,
  threads,
  wholeNumber,
} from "./cli/options.ts";

/** More copies of each image are a mistake. */
const MOST_COPIES = 1000;

export const command = defineCommand({
  name: "evaluate",
  summary: "Evaluates the model of a finished run, without training",
  usage: ["RUN"],
  words: { count: [1, 1], expected: "one run folder" },
  about: `${RUN_NAMES}

An ensemble's
members, which must lie beside it, are asked and their probabilities averaged.`,
  options: {
    on: optional(
      "SPLITS",
      "train, validation or test, or several with commas; the run's own if not given",
      someOf("splits", SPLITS),
    ),
    augmentedCopies: {
      ...optional(
        "N",
        "Average over N copies of each image too, augmented as in training; as many as the run's own " +
          "evaluation if not given",
        wholeNumber(0, MOST_COPIES),
      ),
      former: "deformations",
    },
    against: optional(
      "RUN",
      "Compare with the model of another run, asked about the same samples",
      anyText,
    ),
    dataDir,
    threads,
  },
  result:
    `With --against, McNemar's test says whether one of two models is better: only the samples count that
one has right and the other wrong, and p is how probable counts as unequal as these would be, were both
equally good. Nothing in a run folder is changed.`,
  needs: ["cache", "mirrors"],
  opensArchives: true,
  run: runOf(import.meta.resolve("./evaluate/run.ts")),
});
