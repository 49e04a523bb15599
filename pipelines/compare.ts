/**
 * `deno task compare`: finished runs beside each other.
 *
 * @module
 */
import { call, type Command, drawImages, expectWritable, UsageError } from "./cli/command.ts";

const HELP = `Compares finished runs: in what they differ, and which is better.

Usage:
  deno task compare RUN RUN... [OPTIONS]

Each RUN is the folder of a finished run or of a committee; nothing in it is changed.

Options:
  --sort KEY      order of the runs: accuracy, validation, validation.loss, test, test.loss, parameters,
                  epochs, time, run, or an option in which they differ, as tables name it; best or
                  lowest first. As given if there are up to eight, else by accuracy, if not given
  --reverse       the other way round: worst or highest first; runs without a value stay last
  --output DIR    where the folder is made, under outputs/; "outputs" if not given
  --data-dir DIR  take pictures from the data set's files in DIR, or in DIR/NAME
  --png           a PNG beside each SVG, in light colours and twice the size
  --help          show this text

Runs are compared on the part that most were evaluated on, test before validation before train. Where
two were asked about the same samples, McNemar's test says whether one is better; p is adjusted by Holm's
method for the number of pairs. Of the digits that one gets right and another wrong, those are shown of
which a run folder has the picture, the mistakes that a run is most sure of; with --data-dir any.

Tables go to stdout, folded to the width of a terminal; the last line is the folder: compare.svg, its
charts/, compare.json and disagreements.jsonl, with the same bytes every time for the same runs in the
same order; and surroundings.svg with accuracy against time, which is not. Of more than eight runs there
is a plot of their options in the place of curves.
Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const command: Command = {
  task: "compare",
  help: HELP,
  flags: ["png", "reverse"],
  values: ["sort", "output", "data-dir"],
  async run(given) {
    const { words } = given;
    if (words.length < 2) {
      throw new UsageError(`expected at least two run folders: received ${words.length}`);
    }
    const output = given.value("output") ?? "outputs";
    expectWritable(output);
    const { compareFolders } = await import("./compare/run.ts");
    const { tables, folder } = await compareFolders(words, {
      output,
      sort: given.value("sort"),
      reverse: given.flags.has("reverse"),
      dataDirectory: given.value("data-dir"),
    });
    await drawImages(given, folder);
    for (const line of tables) console.log(line);
    console.log(folder);
    return 0;
  },
};

if (import.meta.main) Deno.exit(await call(command, Deno.args));
