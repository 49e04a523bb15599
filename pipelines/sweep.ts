import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  flag,
  fresh,
  optional,
  outputFolder,
  overrides,
  png,
  test,
  threads,
  unexpectedValue,
} from "./cli/options.ts";

/** Some of a sweep's runs: every `count`-th run, beginning with run `number`, which counts from 1. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

/** Converts "2/3" to the second of three shards. */
function readShard(text: string, name: string): Shard {
  const [number, count] = /^\d{1,6}\/\d{1,6}$/.test(text) ? text.split("/").map(Number) : [0, 0];
  if (number >= 1 && number <= count) return { number, count };
  throw unexpectedValue("I/N with 1 <= I <= N", name, text);
}

export const command = defineCommand({
  name: "sweep",
  summary:
    "Runs an experiment for every combination of the options that its config varies, and compares them",
  usage: ["CONFIG"],
  positionals: { count: [1, 1], expected: "one config" },
  about: `CONFIG is a file with a key like
  "sweep": { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }
beside "pipeline": lists of values by the paths of options, as in --set. Each combination is an ordinary
run in its own folder. Finished runs are reused, and unfinished runs resume. Runs execute side by side
with one worker each: --threads is the total number of workers, and every active run uses its own memory.
A run that fails does not stop the others. A run that another process trains is waited for once the other
runs are done.

Several processes or machines that share the folder of results divide a sweep with --shard; --list prints a
command for each run, for programs that start commands, such as GNU parallel.`,
  options: {
    set: overrides,
    output: outputFolder(),
    dataDir,
    threads,
    shard: optional(
      "I/N",
      "Train every N-th combination only, beginning with the I-th, and print the run folders",
      readShard,
    ),
    list: flag("Print a shell command for each combination, one per line, and train nothing"),
    fresh,
    test,
    png,
    quiet: flag("Show only failures, tables and the folder"),
    verbose: flag("Write more details to the logs"),
  },
  result:
    `Two tables are printed to stdout: all runs, and all settings with means and standard deviations over
seeds, ranked on the validation split, with the paired difference to the best over the same seeds. The
best setting has the highest accuracy, or the lowest loss if the config's option "best" is loss. Without
validation data nothing is ranked, unless --test ranks by the test split. The last line is the folder with
the same tables as files and a figure of all accuracies; with --test, the same command writes them again
without training. With --shard there are no tables: the same command without --shard writes them. Ctrl-C stops all runs after their current steps; the same command resumes them.`,
  stops: "the same command resumes from here",
  exits: { 0: "all runs are finished", 1: "a run failed" },
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./sweep/run.ts")),
});
