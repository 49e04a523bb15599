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
  /** Indices of all classes, sorted by falling probability. */
  readonly order: readonly number[];
  /** Probability of each class, in the order of `Predictions.classes`. */
  readonly probabilities: readonly number[];
}

/** Predictions for all samples, and facts about the samples. */
export interface Predictions {
  /** Names of the classes. */
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

/** Headings of the columns with the most probable class, the second and the third. */
const RANKS = ["class", "second class", "third class"] as const;

/**
 * Formats predictions as tab-separated values: a header, and a line for each sample with up to three classes,
 * the most probable first, and their probabilities.
 */
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

/** Formats predictions as a JSON list: for each sample, its class and the probabilities of all classes. */
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
 * Formats the accuracy on the samples whose label is a class of the model, and lists other labels. Returns no
 * line if no sample has a label.
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
 * Formats an accuracy with its 95 % interval and the number of mistakes.
 *
 * @param isRight whether each sample is predicted correctly
 */
function formatAccuracyLine(isRight: readonly boolean[]): string {
  const count = isRight.length;
  const right = isRight.filter(Boolean).length;
  const text = (proportion: number) => formatPercent(proportion, 2, PLAIN);
  const range = wilsonInterval(right, count)?.map(text).join(" to ");
  return `accuracy ${text(right / count)} (95 %: ${range}), ` +
    `${formatCountWithNoun(count - right, "mistake")} in ${formatCount(count)} labelled samples`;
}
