import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "predict",
  summary: "Predicts the classes of samples with the model of a finished run",
  usage: ["RUN FILE"],
  words: { count: [2, 2], expected: "a run folder and a file" },
  about: `${RUN_NAMES}

FILE has samples of the shape that the model was trained on: an IDX file, a CSV table with
the columns of the training table, with or without labels, or NumPy's .npy or .npz; gzipped or not. Samples
are preprocessed and normalized as in training, but not augmented. A committee predicts the mean of its
members' probabilities; the members must lie beside it.`,
  options: { json: flag("Print JSON, with the probabilities of all classes"), threads },
  result:
    `Prints a tab-separated line for each sample: its number from 0, its most probable class with its
probability, then the second. If the file is a table with labels, the accuracy is printed to stderr.`,
  opensArchives: true,
  run: runOf(import.meta.resolve("./predict/run.ts")),
});
