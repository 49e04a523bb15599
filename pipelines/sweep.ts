/**
 * `deno task sweep`: runs every combination of what a config lets vary.
 *
 * @module
 */
import {
  call,
  type Command,
  detailOf,
  drawImages,
  expectWritable,
  onInterrupt,
  STOPPED,
  threadsOf,
  UsageError,
} from "./cli/command.ts";
import type { SweepResult } from "./sweep/run.ts";

const HELP =
  `Runs an experiment for every combination of what its config lets vary, and compares them.

Usage:
  deno task sweep CONFIG [OPTIONS]

CONFIG is a file with a key like
  "sweep": { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }
beside "pipeline": lists of values by the paths of options, as --set takes them. Each combination is an
ordinary run in a folder of its own. Finished ones are not run again; unfinished ones go on where they
were stopped. Runs go side by side, one worker each. One that fails does not stop the others.

Options:
  --set PATH=VALUE  change the config for all runs: --set train.epochs=3; may be repeated
  --output DIR      where run folders are made, under outputs/; "outputs" if not given
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --threads N       workers for all runs together, with the same results; all processors if not
                    given. Each run that is going on takes its own memory
  --fresh           run again what was run before
  --png             a PNG beside the SVG of the tables, in light colours and twice the size
  --quiet           show nothing but failures, tables and the folder
  --verbose         take more down in the logs
  --help            show this text

Tables go to stdout: settings with means and standard deviations over seeds, the best on the validation
part first, and how far each is behind that one, as the mean difference between the same seeds; and all
runs. The last line is the folder with the same tables as files and a figure of all accuracies. Ctrl-C
stops all runs after their current steps; the same command goes on from there.
Exit codes: 0 done, 1 a run has failed, 2 wrong config or arguments, 130 stopped by Ctrl-C.`;

const command: Command = {
  task: "sweep",
  help: HELP,
  flags: ["fresh", "png", "quiet", "verbose"],
  values: ["output", "data-dir", "threads"],
  lists: ["set"],
  async run(given) {
    const detail = detailOf(given);
    const [config, ...more] = given.words;
    if (config === undefined || more.length > 0) {
      throw new UsageError(`expected one config: received ${given.words.length}`);
    }
    const output = given.value("output") ?? "outputs";
    expectWritable(output);
    const workers = await threadsOf(given);
    const { readVariantsFile } = await import("./experiment/config_file.ts");
    const grid = readVariantsFile(config, given.list("set"), "sweep");
    const { runSweep } = await import("./sweep/run.ts");
    const { StoppedError } = await import("./experiment/stages.ts");
    using interrupt = onInterrupt();
    try {
      const result = await runSweep(grid, {
        output,
        detail,
        workers,
        cacheDirectory: ".cache",
        signal: interrupt.signal,
        dataDirectory: given.value("data-dir"),
        fresh: given.flags.has("fresh"),
      });
      if (result.folder !== undefined) await drawImages(given, result.folder);
      return report(result);
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      console.error("stopped: the same command goes on from here");
      return STOPPED;
    }
  },
};

/** Prints what a sweep came to; returns the exit code. */
function report({ tables, failures, folder }: SweepResult): number {
  for (const line of tables) console.log(line);
  for (const line of failures) console.error(line);
  if (folder !== undefined) console.log(folder);
  return failures.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
