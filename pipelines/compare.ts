import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { anyText, flag, optional, outputFolder, png, RUN_NAMES } from "./cli/options.ts";

export const command = defineCommand({
  name: "compare",
  summary: "Compares finished runs: in what they differ, which is better, and on which digits",
  usage: ["RUN RUN...", "SWEEP"],
  words: { count: [1, Infinity], expected: "at least two run folders" },
  about:
    `Each RUN is a finished run or a committee; nothing in it is changed. A sweep stands for its runs.
${RUN_NAMES}`,
  options: {
    sort: optional(
      "KEY",
      "Order of the runs: accuracy, validation, validation.loss, test, test.loss, parameters, epochs, " +
        "time, run, or an option in which they differ, as tables name it; best or lowest first. As " +
        "given if there are up to eight, else by accuracy, if not given",
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
    `Runs are compared on the part that most were evaluated on, test before validation before train. Where
two were asked about the same samples, McNemar's test says whether one is better; p is adjusted by Holm's
method for the number of pairs. Of the digits that one gets right and another wrong, those are shown of
which a run folder has the picture, the mistakes that a run is most sure of; with --data-dir any.

Tables go to stdout, folded to the width of a terminal; the last line is the folder: compare.svg, its
charts/, compare.json and disagreements.jsonl, with the same bytes every time for the same runs in the
same order; and surroundings.svg with accuracy against time, which is not. Of more than eight runs there
is a plot of their options in the place of curves.`,
  needs: ["outputs"],
  run: runOf(import.meta.resolve("./compare/run.ts")),
});
