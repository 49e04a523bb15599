import { didYouMean } from "../../config/messages/suggest.ts";
import { isDecimal } from "./decimal.ts";

/** The most classes that 16-bit labels can tell apart. */
export const MOST_CLASSES = 65_536;

/** Labels of some samples as they are read: the different texts, and which each sample has. */
export interface TextLabels {
  /** The different texts, in the order in which they first occurred. */
  readonly texts: readonly string[];
  /** Where each text first occurred: a line of the file, or the number of a sample. */
  readonly places: readonly string[];
  /** For each sample the index of its text. */
  readonly indices: Uint16Array<ArrayBuffer>;
}

/** Texts as names of classes: by value if all are numbers, else by their code units. */
export function orderClasses(texts: readonly string[]): readonly string[] {
  const sorted = texts.toSorted();
  return sorted.every(isDecimal) ? sorted.sort((a, b) => Number(a) - Number(b)) : sorted;
}

/** Different numbers among labels that may still be classes. */
const MOST_NUMBERS = 20;

/**
 * Returns the classes that labels name.
 *
 * @throws {RangeError} if the labels look like measured numbers, as those of regression are: many, and
 *     with fractions or fewer than two samples each
 */
export function classesOf(labels: TextLabels | undefined, origin: string): readonly string[] {
  const { texts, indices } = labels ?? { texts: [], indices: [] };
  if (looksLikeRegression(texts, indices.length)) {
    throw new RangeError(
      `Cannot read "${origin}": expected a class as label of each sample: received ${texts.length} ` +
        `different numbers in ${indices.length} rows, which looks like regression: there is only ` +
        'classification yet; if they are classes, list them in "classes"',
    );
  }
  return orderClasses(texts);
}

function looksLikeRegression(texts: readonly string[], rows: number): boolean {
  const numbers = texts.map((text) => text.replace(",", "."));
  const isWhole = numbers.every((text) => Number.isInteger(Number(text)));
  return isRegressionLike({ distinct: texts.length, rows, isWhole }) && numbers.every(isDecimal);
}

/** Whether labels that are numbers look like those of regression: so many different ones in so many rows. */
export function isRegressionLike(
  { distinct, rows, isWhole }: {
    readonly distinct: number;
    readonly rows: number;
    readonly isWhole: boolean;
  },
): boolean {
  return distinct > MOST_NUMBERS && (2 * distinct > rows || !isWhole);
}

export function labelsOf(
  { texts, places, indices }: TextLabels,
  classes: readonly string[],
  origin: string,
): Uint16Array<ArrayBuffer> {
  const byName = new Map(classes.map((name, label) => [name, label]));
  const labels = texts.map((text, index) => {
    const label = byName.get(text);
    if (label === undefined) throw unknownClass(text, `"${origin}", ${places[index]}`, classes);
    return label;
  });
  return indices.map((index) => labels[index]);
}

/** Names that a message lists, at most. */
const MOST_NAMES = 12;

function unknownClass(text: string, where: string, classes: readonly string[]): RangeError {
  const named = classes.length > MOST_NAMES
    ? `${classes.length} classes`
    : `classes ${classes.map((name) => `"${name}"`).join(", ")}`;
  return new RangeError(
    `Cannot read ${where}: expected as label one of the ${named}: received "${text}"` +
      didYouMean(text, classes),
  );
}
