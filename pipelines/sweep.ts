import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  flag,
  fresh,
  outputFolder,
  overrides,
  png,
  test,
  threads,
} from "./cli/options.ts";

export const command = defineCommand({
  name: "sweep",
  summary:
    "Runs an experiment for every combination of the options that its config varies, and compares them",
  usage: ["CONFIG"],
  words: { count: [1, 1], expected: "one config" },
  about: `CONFIG is a file with a key like
  "sweep": { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }
beside "pipeline": lists of values by the paths of options, as in --set. Each combination is an ordinary
run in its own folder. Finished runs are reused, and unfinished runs resume. Runs execute side by side
with one worker each: --threads is the total number of workers, and every active run uses its own memory.
A run that fails does not stop the others.`,
  options: {
    set: overrides,
    output: outputFolder(),
    dataDir,
    threads,
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
without training. Ctrl-C stops all runs after their current steps; the same command resumes them.`,
  stops: "the same command resumes from here",
  exits: { 1: "a run failed" },
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./sweep/run.ts")),
});
