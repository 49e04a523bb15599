import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import { flag, outputFile, RUN_NAMES, threads } from "./cli/options.ts";

export const command = defineCommand({
  name: "predict",
  summary: "Predicts the classes of samples by the model of a finished run",
  usage: ["RUN FILE", "RUN PICTURE...", "RUN FOLDER"],
  words: { count: [2, Infinity], expected: "a run folder and a file" },
  about: `${RUN_NAMES}

FILE has samples of the shape that the model was trained on: as IDX, as a CSV table with the columns of the training table,
its labels or not, or as NumPy's .npy or .npz; gzip or plain. They are prepared and normalized as in
training, and not deformed. The members of a committee must lie beside it; their probabilities are averaged.

PICTURE is a PNG or JPEG file of one digit, and FOLDER a folder of them, or of a subfolder for each class. A digit is
brought into the form of MNIST: bright on black, whichever of both the picture has brighter; cropped, scaled to a box of 20 x 20
pixels, its centre of mass in the middle. A model that was trained on "images" receives pictures as in training: grey, resized.

A single hyphen in place of FILE or PICTURE stands for the standard input.`,
  options: {
    raw: flag("Leave pictures as they are, but for grey and the size"),
    json: flag("Print JSON, with the probabilities of all classes"),
    output: outputFile(undefined, "Write the table, or the JSON, into FILE, in outputs/"),
    threads,
  },
  result:
    `Prints a header, then a line for each sample, with tabs between: its number from 0 or its file, its most probable
class and the probability of that, then the two classes that follow. If samples have labels, those of a table or the names of
the subfolders, a line on stderr has the accuracy.`,
  opensArchives: true,
  writesOutput: true,
  run: runOf(import.meta.resolve("./predict/run.ts")),
});
