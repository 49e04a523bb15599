import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag, outputFile, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "predict",
  summary: "Predicts the classes of samples with the model of a finished run",
  usage: ["RUN FILE", "RUN PICTURE...", "RUN FOLDER"],
  positionals: { count: [2, Infinity], expected: "a run folder and a file" },
  about: `${RUN_NAMES}

FILE has samples of the shape that the model was trained on: an IDX file, a CSV table with
the columns of the training table, with or without labels, or NumPy's .npy or .npz; gzipped or not. Samples
are preprocessed and normalized as in training, but not augmented. An ensemble predicts the mean of its
members' probabilities; the members must lie beside it.

PICTURE is a PNG or JPEG file of one digit. FOLDER has pictures, or a subfolder of pictures for each class. Each
digit is converted to the form of MNIST: bright on black, cropped, scaled to a box of 20 x 20 pixels, and shifted so that its
centre of mass is in the middle. A model that was trained on the data set "images" reads pictures as in training.

A hyphen in place of FILE or PICTURE is the standard input.`,
  options: {
    raw: flag("Resize pictures to the model's images without finding the digit"),
    json: flag("Print JSON, with the probabilities of all classes"),
    output: outputFile(undefined, "Write the table, or the JSON, to FILE, in outputs/"),
    threads,
  },
  result:
    `Prints a header and a tab-separated line for each sample: its number from 0, or its file, then its three most probable
classes with their probabilities. If the samples have labels, those of a table or the names of subfolders, the accuracy is
printed to stderr.`,
  opensArchives: true,
  writesOutput: true,
  run: runOfModule(import.meta.resolve("./predict/run.ts")),
});
