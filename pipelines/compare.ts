import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, flag, optional, outputFolder, png, RUN_NAMES, test } from "./cli/options.ts";

export const command = defineCommand({
  name: "compare",
  summary:
    "Compares finished runs: their options, their scores, and the samples on which they disagree",
  usage: ["RUN RUN...", "SWEEP"],
  positionals: { count: [1, Infinity], expected: "at least two run folders" },
  about:
    `Each RUN is a finished run or an ensemble and is only read. SWEEP stands for all runs of a sweep.
${RUN_NAMES}`,
  options: {
    test,
    sort: optional(
      "KEY",
      "Column by which runs are sorted, best or lowest first: accuracy, validation, validation.loss, " +
        "parameters, epochs, time, run, with --test also test and test.loss, or an option that differs, " +
        "by its name in the tables. Defaults to the order of the arguments for up to eight runs, to the " +
        "ranking for more",
      anyText,
    ),
    reverse: flag("Sort worst or highest first; runs without a value stay last"),
    output: outputFolder(),
    dataDir: optional(
      "DIR",
      "Read the pictures of samples from the data set's files in DIR or DIR/NAME",
      anyText,
    ),
    png,
  },
  result:
    `Runs are compared and ranked on the validation split: by accuracy, or by loss if the option "best" of
all their configs is loss. With --test they are compared on the test split, but still ranked on the
validation split unless a run has none. For two runs evaluated on the same samples, McNemar's test shows
whether one is better; its p-values are adjusted by Holm's method for the number of pairs. Runs with
different seeds validate on different samples, so they are tested only with --test. Samples on which the
runs disagree are shown if a run folder has their pictures, those of its most confident mistakes; with
--data-dir, all can be shown.

Tables are printed to stdout, folded to the width of the terminal. The last line is the folder: it has
compare.svg, charts/, compare.json and disagreements.jsonl, whose bytes depend only on the runs and their
order, and environment.svg with accuracy against time. More than eight runs are drawn as a plot of their
options instead of learning curves.`,
  needs: ["outputs"],
  run: runOfModule(import.meta.resolve("./compare/run.ts")),
});
