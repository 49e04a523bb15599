/**
 * Collection of the labels of samples while a table is read.
 *
 * @module
 */
import { MOST_CLASSES, type TextLabels } from "./classes.ts";

/** Length of the longest accepted label (UTF-16 code units). */
const LONGEST_LABEL = 256;

/** Hint at the end of error messages about samples without a label. */
export const NO_LABEL = 'name another column as "label", or delete the rows without one';

/** A collection of the labels of a table's samples, appended one by one. */
interface LabelCollector {
  /**
   * Appends the label of a sample.
   *
   * @param describeLine returns the line of the label, such as `line 3`, which is kept in
   *     `TextLabels.places`
   * @param describePosition returns the file, line and column of the label, for the error that is thrown
   *     here
   * @throws {SyntaxError} if the text is empty or longer than 256 code units
   * @throws {RangeError} if there are more than 65,536 different labels
   */
  append(text: string, describeLine: () => string, describePosition: () => string): void;
  /** Returns the labels appended so far. The collection keeps them. */
  take(): TextLabels;
}

/** Returns an empty collection of labels. `origin` is the name of the file in error messages. */
export function createLabelCollector(origin: string): LabelCollector {
  const known = new Map<string, number>();
  const places: string[] = [];
  let indices = new Uint16Array(1024);
  let count = 0;
  return {
    append(text, describeLine, describePosition) {
      let index = known.get(text);
      if (index === undefined) {
        if (text === "" || text.length > LONGEST_LABEL) {
          throw new SyntaxError(
            `Cannot read ${describePosition()}: expected a label of 1 to ${LONGEST_LABEL} ` +
              `characters: received ${text === "" ? `nothing: ${NO_LABEL}` : `${text.length}`}`,
          );
        }
        index = known.size;
        if (index === MOST_CLASSES) {
          throw new RangeError(
            `Cannot read "${origin}": expected at most ${MOST_CLASSES} different labels: ` +
              `received more, so perhaps another column has the labels`,
          );
        }
        known.set(text, index);
        places.push(describeLine());
      }
      if (count === indices.length) {
        const larger = new Uint16Array(2 * count);
        larger.set(indices);
        indices = larger;
      }
      indices[count++] = index;
    },
    take: () => ({ texts: [...known.keys()], places, indices: indices.slice(0, count) }),
  };
}
