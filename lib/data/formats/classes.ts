/**
 * Conversion of labels that are texts to indices of classes.
 *
 * @module
 */
import { didYouMean } from "../../config/messages/suggest.ts";
import { isDecimal } from "./decimal.ts";

/** Largest number of classes, since labels are 16-bit integers. */
export const MOST_CLASSES = 65_536;

/** Labels of samples as texts: the distinct labels, and for each sample the index of its label. */
export interface TextLabels {
  /** Distinct labels, in the order of their first occurrence. */
  readonly texts: readonly string[];
  /**
   * Position of the first occurrence of each distinct label, for error messages, for example "line 3".
   */
  readonly places: readonly string[];
  /** Index in `texts` of each sample's label [samples]. */
  readonly indices: Uint16Array<ArrayBuffer>;
}

/**
 * Returns the names of classes, sorted by value if all of them are decimal numbers, and otherwise by UTF-16
 * code units.
 */
export function sortClassNames(names: readonly string[]): readonly string[] {
  const sorted = names.toSorted();
  return sorted.every(isDecimal) ? sorted.sort((a, b) => Number(a) - Number(b)) : sorted;
}

/** Number of distinct numeric labels up to which labels are never taken for targets of regression. */
const MOST_NUMBERS = 20;

/**
 * Returns the distinct labels, sorted by {@linkcode sortClassNames}, as the names of the classes. Returns
 * an empty list if `labels` is undefined.
 *
 * @param origin name of the file in error messages
 * @throws {RangeError} if the labels seem to be targets of regression: more than 20 distinct numbers, which
 *     have fractions or occur less than twice on average
 */
export function classNames(labels: TextLabels | undefined, origin: string): readonly string[] {
  const { texts, indices } = labels ?? { texts: [], indices: [] };
  if (areRegressionTargets(texts, indices.length)) {
    throw new RangeError(
      `Cannot read "${origin}": expected a class as label of each sample: received ${texts.length} ` +
        `distinct numbers in ${indices.length} rows, which looks like regression, but ` +
        'only classification is supported; if they are classes, list them in "classes"',
    );
  }
  return sortClassNames(texts);
}

/**
 * Returns whether labels seem to be targets of regression and not classes, given the distinct labels and
 * the number of rows.
 */
function areRegressionTargets(distinctLabels: readonly string[], rows: number): boolean {
  const numbers = distinctLabels.map((text) => text.replace(",", "."));
  const isWhole = numbers.every((text) => Number.isInteger(Number(text)));
  return isRegressionLike({ distinct: distinctLabels.length, rows, isWhole }) &&
    numbers.every(isDecimal);
}

/**
 * Returns whether numeric labels seem to be targets of regression: more than 20 distinct values, which have
 * fractions or occur less than twice on average. `distinct` is the number of distinct labels, `rows` that
 * of all labels, and `isWhole` states that all labels are integers.
 */
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
 * Returns the index in `classes` of each sample's label [samples].
 *
 * @param origin name of the file in error messages
 * @throws {RangeError} if a label is not the name of a class
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

/** Largest number of class names that a message lists. */
const MOST_NAMES = 12;

/**
 * Returns the error for a label that is not the name of a class. `position` is the file and line of the
 * label.
 */
function unknownClassError(text: string, position: string, classes: readonly string[]): RangeError {
  const named = classes.length > MOST_NAMES
    ? `${classes.length} classes`
    : `classes ${classes.map((name) => `"${name}"`).join(", ")}`;
  return new RangeError(
    `Cannot read ${position}: expected as label one of the ${named}: received "${text}"` +
      didYouMean(text, classes),
  );
}
