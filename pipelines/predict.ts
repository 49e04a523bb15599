import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "predict",
  summary: "Predicts the classes of samples by the model of a finished run",
  usage: ["RUN FILE"],
  words: { count: [2, 2], expected: "a run folder and a file" },
  about: `${RUN_NAMES}

FILE has samples of the shape that the model was trained on: as IDX, as a CSV table with the columns of the training table,
its labels or not, or as NumPy's .npy or .npz; gzip or plain. They are prepared and normalized as in
training, and not augmented. An ensemble says the mean of what its members say, which must lie beside it.`,
  options: { json: flag("Print JSON, with the probabilities of all classes"), threads },
  result:
    `Prints a line for each sample, with tabs between: its number from 0, its most probable class and the
probability of that, then the second. If the file is a table with labels, a line on stderr says how many
of them it has right.`,
  opensArchives: true,
  run: runOf(import.meta.resolve("./predict/run.ts")),
});
