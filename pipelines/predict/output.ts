/**
 * Formats predictions as text.
 *
 * @module
 */
import { defined } from "../../lib/config/defined.ts";
import { wilsonInterval } from "../../lib/evaluate/metrics/interval.ts";
import { formatCount, formatCountWithNoun } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { escapeForOneLine } from "../../lib/format/visible.ts";

/** A model's prediction for one sample. */
export interface Prediction {
  /** Indices of the classes, the most probable first. */
  readonly order: readonly number[];
  /** Probability of each class. */
  readonly probabilities: readonly number[];
}

/** Predictions for all samples, and facts about the samples. */
export interface Predictions {
  readonly classes: readonly string[];
  /** Prediction for each sample, in the order of the inputs. */
  readonly predictions: readonly Prediction[];
  /** Name of the file of each sample; undefined if the samples are not pictures. */
  readonly files: readonly string[] | undefined;
  /**
   * Label of each sample, undefined for a sample without one. Undefined if the format of the inputs has no
   * labels.
   */
  readonly labels: readonly (string | undefined)[] | undefined;
  /** Warnings about the samples. */
  readonly warnings: readonly string[];
}

/** Headings of the classes that are listed, the most probable first. */
const RANKS = ["class", "second class", "third class"] as const;

/** Formats predictions as tab-separated values: a header, and a line for each sample. */
export function formatPredictionsTable({ classes, predictions, files }: Predictions): string {
  const ranks = RANKS.slice(0, classes.length);
  const headings = [
    files === undefined ? "sample" : "file",
    ...ranks.flatMap((rank) => [rank, "probability"]),
  ];
  const lines = predictions.map(({ order, probabilities }, sample) => [
    files === undefined ? sample : escapeForOneLine(files[sample]),
    ...order.slice(0, ranks.length).flatMap((index) => [
      escapeForOneLine(classes[index]),
      probabilities[index].toFixed(4),
    ]),
  ]);
  return [headings, ...lines].map((fields) => fields.join("\t")).join("\n");
}

/** Formats the probabilities of all classes for each sample as JSON. */
export function formatPredictionsJson(
  { classes, predictions, files, labels }: Predictions,
): string {
  const list = predictions.map(({ order: [best], probabilities }, sample) => ({
    ...(files === undefined ? { sample } : { file: files[sample] }),
    ...defined({ label: labels?.[sample] }),
    class: classes[best],
    probability: probabilities[best],
    probabilities: Object.fromEntries(classes.map((name, index) => [name, probabilities[index]])),
  }));
  return JSON.stringify(list, null, 2);
}

/** Largest number of labels that a message lists. */
const MOST_LISTED = 5;

/**
 * Formats the accuracy on the samples that have labels, and lists labels that are not classes of the model.
 */
export function formatLabelledAccuracy(
  { classes, predictions, labels = [] }: Predictions,
): readonly string[] {
  const known = new Set(classes);
  const unknown = new Set(labels.filter((label) => label !== undefined && !known.has(label)));
  const listed = [...unknown].slice(0, MOST_LISTED).map((label) => JSON.stringify(label));
  const samples = labels.flatMap((label, sample) =>
    label !== undefined && known.has(label) ? [label === classes[predictions[sample].order[0]]] : []
  );
  return [
    ...(unknown.size === 0 ? [] : [
      `${formatCountWithNoun(unknown.size, "label")} without a class of the model: ${
        listed.join(", ")
      }${unknown.size > MOST_LISTED ? ", …" : ""}`,
    ]),
    ...(samples.length === 0 ? [] : [formatAccuracyLine(samples)]),
  ];
}

/**
 * Formats the accuracy of samples with its 95 % interval; each element tells whether a sample is predicted
 * correctly.
 */
function formatAccuracyLine(samples: readonly boolean[]): string {
  const right = samples.filter((isRight) => isRight).length;
  const text = (proportion: number) => formatPercent(proportion, 2, PLAIN);
  const range = wilsonInterval(right, samples.length)?.map(text).join(" to ");
  return `accuracy ${text(right / samples.length)} (95 %: ${range}), ` +
    `${formatCountWithNoun(samples.length - right, "mistake")} in ${
      formatCount(samples.length)
    } labelled samples`;
}
