/**
 * Classes from labels that are texts.
 *
 * @module
 */
import { didYouMean } from "../../config/messages/suggest.ts";
import { isDecimal } from "./decimal.ts";

/** Largest number of classes, since labels have 16 bits. */
export const MOST_CLASSES = 65_536;

/** Labels as they are read: the different texts, and the index of each sample's text. */
export interface TextLabels {
  /** The different texts, in the order of their first occurrence. */
  readonly texts: readonly string[];
  /** Place of each text's first occurrence: a line of the file, or the number of a sample. */
  readonly places: readonly string[];
  /** Index of each sample's text [samples]. */
  readonly indices: Uint16Array<ArrayBuffer>;
}

/** Sorts names of classes: by value if all are numbers, otherwise by their code units. */
export function sortClassNames(texts: readonly string[]): readonly string[] {
  const sorted = texts.toSorted();
  return sorted.every(isDecimal) ? sorted.sort((a, b) => Number(a) - Number(b)) : sorted;
}

/** Number of different numeric labels that are always taken for classes. */
const MOST_NUMBERS = 20;

/**
 * Returns the sorted names of the classes of labels.
 *
 * @throws {RangeError} if the labels look like measurements, the targets of regression: many numbers,
 *     with fractions or with fewer than two samples each
 */
export function classNames(labels: TextLabels | undefined, origin: string): readonly string[] {
  const { texts, indices } = labels ?? { texts: [], indices: [] };
  if (looksLikeRegression(texts, indices.length)) {
    throw new RangeError(
      `Cannot read "${origin}": expected a class as label of each sample: received ${texts.length} ` +
        `distinct numbers in ${indices.length} rows, which looks like regression, but ` +
        'only classification is supported; if they are classes, list them in "classes"',
    );
  }
  return sortClassNames(texts);
}

function looksLikeRegression(texts: readonly string[], rows: number): boolean {
  const numbers = texts.map((text) => text.replace(",", "."));
  const isWhole = numbers.every((text) => Number.isInteger(Number(text)));
  return isRegressionLike({ distinct: texts.length, rows, isWhole }) && numbers.every(isDecimal);
}

/** Returns whether numeric labels look like targets of regression, by their number of different values. */
export function isRegressionLike(
  { distinct, rows, isWhole }: {
    readonly distinct: number;
    readonly rows: number;
    readonly isWhole: boolean;
  },
): boolean {
  return distinct > MOST_NUMBERS && (2 * distinct > rows || !isWhole);
}

/**
 * Returns the number of each sample's class.
 *
 * @throws {RangeError} if a text is not one of the classes
 */
export function classIndices(
  { texts, places, indices }: TextLabels,
  classes: readonly string[],
  origin: string,
): Uint16Array<ArrayBuffer> {
  const byName = new Map(classes.map((name, label) => [name, label]));
  const labels = texts.map((text, index) => {
    const label = byName.get(text);
    if (label === undefined) {
      throw unknownClassError(text, `"${origin}", ${places[index]}`, classes);
    }
    return label;
  });
  return indices.map((index) => labels[index]);
}

/** Largest number of names that a message lists. */
const MOST_NAMES = 12;

function unknownClassError(text: string, where: string, classes: readonly string[]): RangeError {
  const named = classes.length > MOST_NAMES
    ? `${classes.length} classes`
    : `classes ${classes.map((name) => `"${name}"`).join(", ")}`;
  return new RangeError(
    `Cannot read ${where}: expected as label one of the ${named}: received "${text}"` +
      didYouMean(text, classes),
  );
}
