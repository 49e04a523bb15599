import { printLine } from "../../lib/io/print.ts";
import type { CallOf } from "../cli/declaration.ts";
import type { command } from "../predict.ts";
import type { Features } from "../../lib/data/datasets/arrays.ts";
import { type CsvTableOptions, tableOptions } from "../../lib/data/datasets/csv.ts";
import { type FeaturesOptions, readSamples } from "../../lib/data/datasets/features.ts";
import { meanProbabilities, predictedClasses } from "../../lib/evaluate/mod.ts";
import { storedFile } from "../../lib/io/files.ts";
import { losses } from "../../lib/nn/mod.ts";
import type { Model } from "../../lib/run/model.ts";
import { predict } from "../../lib/train/inference/predictor.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import { openRun } from "../experiment/open_run.ts";
import { memberPaths, optionsOf, readModel, readRunConfig } from "../experiment/read_run.ts";
import { trainedOf } from "../experiment/building.ts";

export async function run(
  { words: [named, file], options: { threads: workers }, caller }: CallOf<typeof command>,
): Promise<void> {
  const path = await openRun(named, caller);
  const predictions = await predictFile(path, file, { workers });
  const lines = predictions.map(({ name, probability }, sample) =>
    `${sample}\t${name}\t${probability.toFixed(4)}`
  );
  printLine(lines.join("\n"));
}

interface Prediction {
  readonly name: string;
  readonly probability: number;
}

/**
 * What the model of a finished run says of the samples in a file, in their order; a committee says the
 * mean of what its members say.
 */
async function predictFile(
  path: string,
  file: string,
  options: { readonly workers: number },
): Promise<readonly Prediction[]> {
  const answers: Answer[] = [];
  for (const member of await memberPaths(path) ?? [path]) {
    answers.push(await ask(member, file, options));
  }
  const [{ samples, classes }] = answers as [Answer, ...Answer[]];
  const means = meanProbabilities(answers.map(({ probabilities }) => probabilities));
  const probabilities = Float32Array.from(means);
  const shape = { samples, classes: classes.length };
  return Array.from(predictedClasses(probabilities, shape), (best, sample) => ({
    name: classes[best],
    probability: probabilities[sample * classes.length + best],
  }));
}

interface Answer {
  readonly samples: number;
  readonly classes: readonly string[];
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/** What a run's model says, which knows how samples of a file are to be read. */
async function ask(
  path: string,
  file: string,
  { workers }: { readonly workers: number },
): Promise<Answer> {
  const { config } = await readRunConfig(path);
  const model = await readModel(path);
  const trained = trainedOf(model, losses.create(optionsOf(config, "train", path).loss));
  const options = { shape: model.shape, columns: model.columns, ...formatsOf(config, path) };
  const features = await readSamples(() => storedFile(file, "samples"), options);
  const probabilities = await predict(trained, valuesFor(model, features, file), { workers });
  return { samples: features.count, classes: model.classes, probabilities };
}

/** How samples are read that come as the training samples did; else as is usual. */
function formatsOf(
  config: ExperimentConfig,
  path: string,
): Omit<FeaturesOptions, "shape" | "columns"> {
  const { dataset } = optionsOf(config, "load", path);
  const { delimiter, label, header }: Partial<CsvTableOptions> = dataset.name === "csv"
    ? dataset
    : {};
  const table = tableOptions.parse({ delimiter, label, header });
  const named = dataset.name === "npz" ? [dataset.testFeatures, dataset.features] : [];
  return { table, arrays: [...named, "x_test", "x_train"] };
}

/** The values in the type that the model was trained on: 8 bits are numbers of 32 too. */
function valuesFor(
  { shape, encoding }: Model,
  features: Features,
  file: string,
): Features["values"] {
  const { values } = features;
  const is8Bit = values instanceof Uint8Array;
  if (`${features.shape}` !== `${shape}` || (encoding !== "dense32" && !is8Bit)) {
    const typeName = (is8Bit: boolean) => is8Bit ? "8-bit" : "32-bit";
    throw new TypeError(
      `Cannot predict "${file}": expected ${typeName(encoding !== "dense32")} samples of shape ` +
        `[${shape.join(", ")}], as in training: received ${typeName(is8Bit)} samples of ` +
        `[${features.shape.join(", ")}]`,
    );
  }
  return encoding === "dense32" && is8Bit ? Float32Array.from(values) : values;
}
