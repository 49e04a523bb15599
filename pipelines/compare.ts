import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, flag, optional, outputFolder, png, RUN_NAMES, test } from "./cli/options.ts";

export const command = defineCommand({
  name: "compare",
  summary: "Compares finished runs: in what they differ, which is better, and on which digits",
  usage: ["RUN RUN...", "SWEEP"],
  words: { count: [1, Infinity], expected: "at least two run folders" },
  about:
    `Each RUN is a finished run or an ensemble; nothing in it is changed. A sweep stands for its runs.
${RUN_NAMES}`,
  options: {
    test,
    sort: optional(
      "KEY",
      "Order of the runs: accuracy, validation, validation.loss, parameters, epochs, time, run, with " +
        "--test also test and test.loss, or an option in which they differ, as tables name it; best or " +
        "lowest first. Defaults to the given order of up to eight runs, and of more to the best first",
      anyText,
    ),
    reverse: flag("The other way round: worst or highest first; runs without a value stay last"),
    output: outputFolder(),
    dataDir: optional(
      "DIR",
      "Take pictures from the data set's files in DIR, or in DIR/NAME",
      anyText,
    ),
    png,
  },
  result:
    `Runs are compared and ranked on the validation split: by accuracy, or by loss where the option best of
all their configs names it. With --test they are compared on the test split, and the ranking is still that
of the validation split, unless a run has no validation data. Where two runs were asked about the same
samples of the split, McNemar's test says whether one is better; p is adjusted by Holm's method for the
number of pairs. Runs of several seeds validate on other samples, so only --test has a test of them. Of the
digits that one gets right and another wrong, those are shown of which a run folder has the picture, the
mistakes that a run is most sure of; with --data-dir any.

Tables go to stdout, folded to the width of a terminal; the last line is the folder: compare.svg, its
charts/, compare.json and disagreements.jsonl, with the same bytes every time for the same runs in the
same order; and environment.svg with accuracy against time, which is not. Of more than eight runs there
is a plot of their options in the place of curves.`,
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./compare/run.ts")),
});
