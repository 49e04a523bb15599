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
    "Runs an experiment for every combination of what its config lets vary, and compares them",
  usage: ["CONFIG"],
  words: { count: [1, 1], expected: "one config" },
  about: `CONFIG is a file with a key like
  "sweep": { "train.optimizer.name": ["sgd", "adam"], "seed": [1, 2, 3] }
beside "pipeline": lists of values by the paths of options, as --set takes them. Each combination is an
ordinary run in a folder of its own. Finished ones are not run again; unfinished ones go on where they
were stopped. Runs go side by side, one worker each: --threads N are for all of them together, and each
run that is going on takes its own memory. One that fails does not stop the others.`,
  options: {
    set: overrides,
    output: outputFolder(),
    dataDir,
    threads,
    fresh,
    test,
    png,
    quiet: flag("Show nothing but failures, tables and the folder"),
    verbose: flag("Take more down in the logs"),
  },
  result:
    `Tables go to stdout: settings with means and standard deviations over seeds, the best on the validation
split first, and how far each is behind that one, as the mean difference between the same seeds; and all
runs. The best has the highest accuracy, or the lowest loss where the config's option best names it.
Without validation data nothing is ranked, unless --test ranks by the test split. The last line is the folder
with the same tables as files and a figure of all accuracies; with --test the same command writes them anew,
and trains nothing. Ctrl-C stops all runs after their current steps; the same command goes on from there.`,
  stops: "the same command goes on from here",
  exits: { 1: "a run has failed" },
  needs: ["outputs", "cache", "mirrors"],
  run: runOf(import.meta.resolve("./sweep/run.ts")),
});
