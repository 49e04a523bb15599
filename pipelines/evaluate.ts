/**
 * `deno task evaluate`: asks the model of a finished run again, on parts of its data.
 *
 * @module
 */
import { PARTS, type SplitName } from "../lib/data/parts.ts";
import { type Arguments, call, type Command, threadsOf, UsageError } from "./cli/command.ts";

const HELP = `Evaluates the model of a finished run, without training.

Usage:
  deno task evaluate RUN [OPTIONS]

RUN is a run folder, for example the last line that deno task train printed. A committee's members,
which must lie beside it, are asked and their probabilities averaged.

Options:
  --on PARTS        train, validation or test, or several with commas; the run's own if not given
  --deformations N  average over N copies of each image too, deformed as in training; as many as the
                    run's own evaluation if not given
  --against RUN     compare it with the model of another run, asked about the same samples
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --threads N       workers that share the work, with the same results; all processors if not given
  --help            show this text

With --against, McNemar's test says whether one of two models is better: only the samples count that
one has right and the other wrong, and p is how probable counts as unequal as these would be, were both
equally good. Nothing in a run folder is changed.
Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

/** More copies of each image are a mistake. */
const MOST_COPIES = 1000;

const command: Command = {
  task: "evaluate",
  help: HELP,
  values: ["on", "deformations", "against", "data-dir", "threads"],
  async run(given) {
    const [path, ...more] = given.words;
    if (path === undefined || more.length > 0) {
      throw new UsageError(`expected one run folder: received ${given.words.length}`);
    }
    const on = partsOf(given);
    const copies = copiesOf(given);
    const { evaluateRun } = await import("./evaluate/run.ts");
    const { evaluationLine } = await import("./experiment/outcome.ts");
    const dataDirectory = given.value("data-dir");
    const workers = await threadsOf(given);
    const where = { copies, dataDirectory, cacheDirectory: ".cache", workers };
    const { evaluations, classes } = await evaluateRun(path, { on, ...where });
    for (const evaluation of evaluations) console.log(evaluationLine(evaluation, classes));
    const other = given.value("against");
    if (other === undefined) return 0;
    const { comparisonLine } = await import("./experiment/outcome.ts");
    const parts = evaluations.map(({ part }) => part);
    const against = await evaluateRun(other, { on: parts, ...where });
    // evaluations are of the parts that are asked for, in their order
    evaluations.forEach((evaluation, index) =>
      console.log(
        comparisonLine([path, evaluation], [other, against.evaluations[index]]),
      )
    );
    return 0;
  },
};

function partsOf(given: Arguments): readonly SplitName[] | undefined {
  const named = given.value("on")?.split(",");
  if (named === undefined) return undefined;
  const wrong = named.find((name) => !PARTS.some((part) => part === name));
  if (wrong === undefined) return PARTS.filter((part) => named.includes(part));
  throw new UsageError(`expected parts out of ${PARTS.join(", ")}: received "${wrong}"`);
}

/** The number after --deformations. */
function copiesOf(given: Arguments): number | undefined {
  const text = given.value("deformations");
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text) && Number(text) <= MOST_COPIES) return Number(text);
  throw new UsageError(`expected 0 to ${MOST_COPIES} after --deformations: received "${text}"`);
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
