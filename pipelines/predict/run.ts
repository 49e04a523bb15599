import { printLine, printMessage } from "../../lib/io/print.ts";
import type { CallOf } from "../cli/declaration.ts";
import type { command } from "../predict.ts";
import type { Features } from "../../lib/data/datasets/arrays.ts";
import { type CsvTableOptions, tableOptions } from "../../lib/data/datasets/csv.ts";
import { type FeaturesOptions, readSamples } from "../../lib/data/datasets/features.ts";
import { meanProbabilities } from "../../lib/evaluate/mod.ts";
import { wilsonInterval } from "../../lib/evaluate/metrics/interval.ts";
import { formatCount, formatCounted } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { storedFile } from "../../lib/io/files.ts";
import { visibleField } from "../../lib/format/visible.ts";
import { losses } from "../../lib/nn/mod.ts";
import type { Model } from "../../lib/run/model.ts";
import { trainedOf } from "../../lib/train/inference/model.ts";
import { predict } from "../../lib/train/inference/predictor.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import { openRun } from "../experiment/open_run.ts";
import { memberPaths, optionsOf, readModel, readRunConfig } from "../experiment/read_run.ts";

export async function run(
  { words: [named, file], options: { json, threads: workers }, caller }: CallOf<typeof command>,
): Promise<void> {
  const path = await openRun(named, caller);
  const { classes, predictions, labels, warnings } = await predictFile(path, file, { workers });
  if (json) printLine(JSON.stringify(predictions.map(asJson(classes)), null, 2));
  else printLine([HEADINGS, ...predictions.map(asLine(classes))].join("\n"));
  for (const warning of warnings) printMessage(warning);
  const labelled =
    labels?.flatMap((label, sample) =>
      classes.includes(label) ? [{ label, best: classes[predictions[sample].order[0]] }] : []
    ) ?? [];
  if (labelled.length > 0) printMessage(labelledLine(labelled));
}

/** The first line of the table. */
const HEADINGS = ["sample", "class", "probability", "second class", "probability"].join("\t");

/** What a model says of a sample. */
interface Prediction {
  /** The indices of the classes, the most probable first. */
  readonly order: readonly number[];
  /** Probability of each class. */
  readonly probabilities: readonly number[];
}

interface Predictions {
  readonly classes: readonly string[];
  /** Those of the samples, in their order. */
  readonly predictions: readonly Prediction[];
  /** The label of each sample, if the file has them. */
  readonly labels: readonly string[] | undefined;
  /** What a person should know of the samples. */
  readonly warnings: readonly string[];
}

function asLine(classes: readonly string[]) {
  return ({ order: [best, second], probabilities }: Prediction, sample: number): string => {
    const of = (index: number) => [
      visibleField(classes[index]),
      probabilities[index].toFixed(4),
    ];
    return [sample, ...of(best), ...(second === undefined ? [] : of(second))].join("\t");
  };
}

function asJson(classes: readonly string[]) {
  return ({ order: [best], probabilities }: Prediction, sample: number) => ({
    sample,
    class: classes[best],
    probability: probabilities[best],
    probabilities: Object.fromEntries(classes.map((name, index) => [name, probabilities[index]])),
  });
}

/** How many samples were predicted as they are labelled. */
function labelledLine(
  labelled: readonly { readonly label: string; readonly best: string }[],
): string {
  const right = labelled.filter(({ label, best }) => label === best).length;
  const text = (share: number) => formatPercent(share, 2, PLAIN);
  const range = wilsonInterval(right, labelled.length)?.map(text).join(" to ");
  return `accuracy ${text(right / labelled.length)} (95 %: ${range}), ` +
    `${formatCounted(labelled.length - right, "mistake")} in ${
      formatCount(labelled.length)
    } labelled samples`;
}

/**
 * What the model of a finished run says of the samples in a file, in their order; an ensemble says the
 * mean of what its members say.
 */
async function predictFile(
  path: string,
  file: string,
  options: { readonly workers: number },
): Promise<Predictions> {
  const answers: Answer[] = [];
  for (const member of await memberPaths(path) ?? [path]) {
    answers.push(await ask(member, file, options));
  }
  const [{ samples, classes, labels, warnings }] = answers as [Answer, ...Answer[]];
  const means = meanProbabilities(answers.map(({ probabilities }) => probabilities));
  const all = Float32Array.from(means);
  const predictions = Array.from({ length: samples }, (_, sample) => {
    const probabilities = [...all.subarray(sample * classes.length, (sample + 1) * classes.length)];
    const order = classes.map((_, index) => index)
      .sort((a, b) => probabilities[b] - probabilities[a]); // stable: of equal ones the first
    return { order, probabilities };
  });
  return { classes, predictions, labels, warnings };
}

interface Answer {
  readonly samples: number;
  readonly classes: readonly string[];
  readonly labels: readonly string[] | undefined;
  /** What a person should know of the samples. */
  readonly warnings: readonly string[];
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
  const loss = losses.create(optionsOf(config, "train", path).loss);
  const trained = trainedOf(model, loss);
  const { shape, columns, table: encoding } = model;
  const options = { shape, columns, encoding, ...formatsOf(config, path) };
  const features = await readSamples(() => storedFile(file, "samples"), options);
  const probabilities = await predict(trained, valuesFor(model, features, file), { workers });
  const { count: samples, labels, warnings = [] } = features;
  return { samples, classes: model.classes, labels, warnings, probabilities };
}

/** How samples are read that come as the training samples did; else as is usual. */
function formatsOf(
  config: ExperimentConfig,
  path: string,
): Omit<FeaturesOptions, "shape" | "columns"> {
  const { dataset } = optionsOf(config, "load", path);
  const { delimiter = ",", decimal = ".", label, header }: Partial<CsvTableOptions> =
    dataset.name === "csv" ? dataset : {};
  const table = { ...tableOptions.parse({ label, header }), delimiter, decimal };
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
