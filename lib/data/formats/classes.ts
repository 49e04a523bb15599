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
