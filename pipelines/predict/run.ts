import { printLine, printMessage } from "../../lib/io/print.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import type { command } from "../predict.ts";
import type { Features } from "../../lib/data/datasets/arrays.ts";
import { type CsvTableOptions, tableOptions } from "../../lib/data/datasets/csv.ts";
import {
  type FeaturesOptions,
  type ReadSamples,
  readSamples,
} from "../../lib/data/datasets/features.ts";
import { readPictureSamples } from "../../lib/data/pictures/samples.ts";
import { meanProbabilities } from "../../lib/evaluate/mod.ts";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { losses } from "../../lib/nn/mod.ts";
import type { Model } from "../../lib/run/model.ts";
import { modelToTrained } from "../../lib/train/inference/model.ts";
import { predict } from "../../lib/train/inference/predictor.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import { openRun } from "../experiment/open_run.ts";
import { memberPaths, readModel, readRunConfig, stageOptionsOf } from "../experiment/read_run.ts";
import { findInputs, type Inputs } from "./inputs.ts";
import {
  formatLabelledAccuracy,
  formatPredictionsJson,
  formatPredictionsTable,
  type Predictions,
} from "./output.ts";

export async function run(
  { positionals: [named, ...positionals], options, startup }: InvocationOf<typeof command>,
): Promise<void> {
  const { raw, json, output, threads: workers } = options;
  const path = await openRun(named, startup);
  const predictions = await predictAll(path, await findInputs(positionals), { raw, workers });
  const text = json ? formatPredictionsJson(predictions) : formatPredictionsTable(predictions);
  if (output === undefined) printLine(text);
  else {
    await writeFileAtomic(output, `${text}\n`);
    printLine(output);
  }
  for (const line of [...predictions.warnings, ...formatLabelledAccuracy(predictions)]) {
    printMessage(line);
  }
}

/** Options of predictions. */
interface PredictOptions {
  /** Whether pictures are only resized. Otherwise the digit in a picture is found, cropped and centred. */
  readonly raw: boolean;
  readonly workers: number;
}

/**
 * Predicts the classes of samples with the model of the finished run at a path; an ensemble predicts the mean
 * of its members' probabilities.
 */
async function predictAll(
  path: string,
  inputs: Inputs,
  options: PredictOptions,
): Promise<Predictions> {
  const outputs: ModelOutput[] = [];
  for (const member of await memberPaths(path) ?? [path]) {
    outputs.push(await predictWith(member, inputs, options));
  }
  const [{ samples, classes, labels, warnings }] = outputs as [ModelOutput, ...ModelOutput[]];
  const means = meanProbabilities(outputs.map(({ probabilities }) => probabilities));
  const all = Float32Array.from(means);
  const predictions = Array.from({ length: samples }, (_, sample) => {
    const probabilities = [...all.subarray(sample * classes.length, (sample + 1) * classes.length)];
    const order = classes.map((_, index) => index)
      .sort((a, b) => probabilities[b] - probabilities[a]); // stable: ties keep the order of classes
    return { order, probabilities };
  });
  const files = "pictures" in inputs ? inputs.pictures.map(({ name }) => name) : undefined;
  return { classes, predictions, files, labels, warnings };
}

/** Probabilities that one model predicts, and facts about the samples. */
interface ModelOutput extends Pick<Predictions, "classes" | "labels" | "warnings"> {
  /** Number of samples. */
  readonly samples: number;
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/**
 * Reads samples in the form that the model of the run at a path requires, and predicts their probabilities.
 */
async function predictWith(
  path: string,
  inputs: Inputs,
  { raw, workers }: PredictOptions,
): Promise<ModelOutput> {
  const { config } = await readRunConfig(path);
  const model = await readModel(path);
  const loss = losses.create(stageOptionsOf(config, "train", path).loss);
  const trained = modelToTrained(model, loss);
  const { shape, columns, table: encoding } = model;
  const { dataset } = stageOptionsOf(config, "load", path);
  const samples: Samples = "pictures" in inputs
    ? {
      ...await readPictureSamples(inputs.pictures, {
        shape,
        isDigit: !raw && dataset.name !== "images",
      }),
      name: inputs.pictures[0].name,
      labels: inputs.pictures.map(({ label }) => label),
    }
    : {
      ...await readSamples(inputs.open, {
        shape,
        columns,
        encoding,
        ...fileFormatOptions(dataset),
      }),
      name: inputs.name,
    };
  if ("pictures" in inputs) requireByteImages(model, samples);
  const probabilities = await predict(trained, convertValues(model, samples), { workers });
  const { count, labels, warnings = [] } = samples;
  return { samples: count, classes: model.classes, labels, warnings, probabilities };
}

/** Samples that a model can predict. */
interface Samples extends Omit<ReadSamples, "labels"> {
  /** Name of the samples in messages. */
  readonly name: string;
  /** Label of each sample, undefined for a sample without one. Missing if none can have one. */
  readonly labels?: readonly (string | undefined)[];
}

/** The name and options of a data set in the stage "load" of a config. */
type NamedDataset = Extract<
  ExperimentConfig["pipeline"][number],
  { readonly stage: "load" }
>["dataset"];

/**
 * Returns the options with which samples in tables and arrays are read: those of the training data if it is a
 * CSV table or .npz file, defaults otherwise.
 */
function fileFormatOptions(dataset: NamedDataset): Omit<FeaturesOptions, "shape" | "columns"> {
  const { delimiter = ",", decimal = ".", label, header }: Partial<CsvTableOptions> =
    dataset.name === "csv" ? dataset : {};
  const table = { ...tableOptions.parse({ label, header }), delimiter, decimal };
  const named = dataset.name === "npz" ? [dataset.testFeatures, dataset.features] : [];
  return { table, arrays: [...named, "x_test", "x_train"] };
}

/**
 * Throws a TypeError unless a model was trained on 8-bit samples. Pictures are 8-bit, and their scale in
 * another type is unknown.
 */
function requireByteImages({ encoding }: Model, { name }: Samples): void {
  if (encoding !== "dense32") return;
  throw new TypeError(
    `Cannot predict "${name}": expected a model of 8-bit images: received one of 32-bit numbers`,
  );
}

/**
 * Converts the values of samples to the type that a model was trained on: 8-bit values to f32 if necessary.
 *
 * @throws {TypeError} if the samples have another shape, or 32-bit values where the model needs 8-bit ones
 */
function convertValues(
  { shape, encoding }: Model,
  { name, ...features }: Samples,
): Features["values"] {
  const { values } = features;
  const is8Bit = values instanceof Uint8Array;
  if (`${features.shape}` !== `${shape}` || (encoding !== "dense32" && !is8Bit)) {
    const typeName = (is8Bit: boolean) => is8Bit ? "8-bit" : "32-bit";
    throw new TypeError(
      `Cannot predict "${name}": expected ${typeName(encoding !== "dense32")} samples of shape ` +
        `[${shape.join(", ")}], as in training: received ${typeName(is8Bit)} samples of ` +
        `[${features.shape.join(", ")}]`,
    );
  }
  return encoding === "dense32" && is8Bit ? Float32Array.from(values) : values;
}
