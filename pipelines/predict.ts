/**
 * `deno task predict`: asks the model of a finished run about samples of the user's.
 *
 * @module
 */
import { call, type Command, threadsOf, UsageError } from "./cli/command.ts";

const HELP = `Predicts the classes of samples by the model of a finished run.

Usage:
  deno task predict RUN FILE [OPTIONS]

RUN is a run folder, for example the last line that deno task train printed. FILE has samples of the
shape that the model was trained on: as IDX, as a CSV table with the columns of the training table,
its labels or not, or as NumPy's .npy or .npz; gzip or plain. They are prepared and normalized as in
training, and not deformed. A committee says the mean of what its members say, which must lie beside it.

Prints a line for each sample, in their order: its number from 0, its most probable class, and how
probable that is, with tabs between.

Options:
  --threads N  workers that share the work, with the same results; all processors if not given
  --help       show this text

Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const command: Command = {
  task: "predict",
  help: HELP,
  values: ["threads"],
  async run(given) {
    const [run, file, ...more] = given.words;
    if (run === undefined || file === undefined || more.length > 0) {
      throw new UsageError(`expected a run folder and a file: received ${given.words.length}`);
    }
    const workers = await threadsOf(given);
    const { predictFile } = await import("./predict/run.ts");
    const predictions = await predictFile(run, file, { workers });
    const lines = predictions.map(({ name, probability }, sample) =>
      `${sample}\t${name}\t${probability.toFixed(4)}`
    );
    console.log(lines.join("\n"));
    return 0;
  },
};

if (import.meta.main) Deno.exit(await call(command, Deno.args));
