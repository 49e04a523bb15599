import { extent } from "deno-plot-svg";
import type { Missing } from "../../../data/dataset.ts";
import { formatCount, formatCountWithNoun, formatNumber } from "../../../format/numbers.ts";
import { constantFeatures, type ExplorationRecord } from "../exploration.ts";
import type { DuplicateCounts } from "../duplicates.ts";
import { formatPercent, UNITLESS } from "../../../format/percent.ts";
import { left, right, type TextTable } from "../../../format/text_table.ts";
import { sum } from "../../../tensor/math/statistics.ts";

/**
 * Returns a table with the numbers of samples and classes of each split and, for images, statistics of all
 * values. Columns of a table have different units, so common statistics have no meaning.
 */
export function splitsTable({ splits, shape }: ExplorationRecord): TextTable {
  const isTable = shape.length === 1;
  const ofValues = ["minimum", "maximum", "mean", "deviation", "zeros (%)"];
  return {
    columns: [
      left("split"),
      ...["samples", "classes", "samples per class", ...(isTable ? [] : ofValues)].map(right),
    ],
    rows: splits.map(({ split, samples, counts, min, max, mean, deviation, zeros }) => {
      const present = counts.filter((count) => count > 0);
      return [
        split,
        formatCount(samples),
        formatCount(present.length),
        [...new Set(extent(present) ?? [0])].map(formatCount).join("–"),
        ...(isTable ? [] : [min, max, mean, deviation].map((value) => formatNumber(value))),
        ...(isTable ? [] : [formatPercent(zeros, 1, UNITLESS)]),
      ];
    }),
  };
}

/**
 * Describes a data set in sentences without capitals or periods: its shape, the balance of its classes,
 * constant features, duplicates, and hints.
 */
export function describeData(record: ExplorationRecord): readonly string[] {
  return [
    describeShape(record),
    ...describeBalance(record),
    describeConstantFeatures(record),
    ...describeDuplicates(record),
    ...wholeNumberHints(record),
  ];
}

/**
 * A table of whole numbers up to at most this one is probably not of pixels, whose maximum is usually 255. Another
 * normalization is then suggested.
 */
const LARGEST_NON_PIXEL = 127;

/**
 * Returns hints for a table that has only whole numbers from 0 to 255: its columns may be pixels of images, or
 * need another normalization than pixels. Returns an empty list for other data.
 */
function wholeNumberHints(
  { shape: [columns, ...more], type, features }: ExplorationRecord,
): readonly string[] {
  if (type !== "8-bit" || more.length > 0) return [];
  const largest = features.max.reduce((most, each) => Math.max(most, each), 0);
  const smallest = features.min.reduce((least, each) => Math.min(least, each), largest);
  const side = Math.sqrt(columns);
  const isSquare = side >= LEAST_SIDE && Number.isInteger(side);
  return [
    ...(isSquare
      ? [
        `whole numbers from ${smallest} to ${largest} in ${formatCount(columns)} columns look ` +
        `like pixels: if samples are images, add "shape": [${side}, ${side}] to "dataset"`,
      ]
      : []),
    ...(largest <= LARGEST_NON_PIXEL
      ? [
        `the method "unit" divides whole numbers by 255, and the largest here is ${largest}: ` +
        'use "standardize" instead',
      ]
      : []),
  ];
}

/** Smallest plausible side length of a square image [pixels]. */
const LEAST_SIDE = 4;

/** Describes the number of samples, their shape, type and classes, and missing values. */
function describeShape(
  { dataset, splits, shape, type, classes, missing = "refuse" }: ExplorationRecord,
): string {
  const samples = formatCountWithNoun(sum(splits.map(({ samples }) => samples)), "sample");
  const values = `${shape.map(formatCount).join(" × ")} value${shape.join() === "1" ? "" : "s"}`;
  const kinds = classes.length === 1 ? "1 class" : `${formatCount(classes.length)} classes`;
  return `${samples} of ${values}, ${type}, in ${kinds} (${dataset}); ${formatMissing(missing)}`;
}

function formatMissing(missing: Missing): string {
  return missing === "mean" || missing === "median"
    ? `missing numbers are replaced by the ${missing} of the training samples`
    : "no values are missing";
}

/**
 * Describes the classes that a split lacks, and the ratio of the largest to the smallest class of training
 * samples.
 */
function describeBalance({ splits, classes }: ExplorationRecord): readonly string[] {
  const missing = splits.flatMap(({ split, counts }) => {
    const names = classes.filter((_, label) => counts[label] === 0);
    if (names.length === 0) return [];
    return [`no ${split} samples of ${names.length === 1 ? "class" : "classes"} ${listFew(names)}`];
  });
  const [train] = splits;
  const present = train?.counts.filter((count) => count > 0) ?? [];
  if (present.length < 2) return missing;
  const [least, most] = extent(present) ?? [1, 1];
  const ratio = most / least;
  const spread = ratio === 1
    ? "all classes have the same number of training samples"
    : `the largest class has ${formatNumber(ratio, 3)} times as many training samples as the ` +
      "smallest";
  return [...missing, spread];
}

/** Returns a text with a capital first letter. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Joins names by commas; of more than `most`, only the first ones, with the number of the others. */
export function listFew(names: readonly string[], most = 8): string {
  const more = names.length - most;
  if (more <= 0) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${formatCount(more)} more`;
}

/** Describes the number of features that are constant on the training split, with the names of a few. */
export function describeConstantFeatures(record: ExplorationRecord): string {
  const constant = constantFeatures(record);
  const { columns, features: { min } } = record;
  if (constant.length === 0) return "no feature is constant on the training split";
  const names = columns === undefined ? [] : constant.map((feature) => columns[feature]);
  const count = `${formatCount(constant.length)} of ${formatCount(min.length)} features`;
  const fact = `${count} ${constant.length === 1 ? "is" : "are"} constant on the training split`;
  return names.length === 0 ? fact : `${fact}: ${listFew(names)}`;
}

/**
 * Describes how many samples are equal: in a sentence for each split with samples equal to others in it, and for
 * each pair of splits with equal samples; or in one sentence if no two samples are equal.
 */
export function describeDuplicates(
  { duplicates: { repetitions } }: Pick<ExplorationRecord, "duplicates">,
): readonly string[] {
  const found = repetitions.filter(({ samples }) => samples > 0);
  return found.length === 0 ? ["no two samples are equal"] : found.map(describeDuplicateCounts);
}

/** Describes how many samples of one split equal an earlier sample. */
function describeDuplicateCounts(
  { split, within, samples, contradictions }: DuplicateCounts,
): string {
  const count = `${formatCountWithNoun(samples, `${split} sample`)} ${
    samples === 1 ? "is" : "are"
  }`;
  const where = split === within ? "an earlier one" : `one in ${within}`;
  const classes = contradictions === 0 ? "" : `, ${formatCount(contradictions)} of another class`;
  return `${count} equal to ${where}${classes}`;
}
