/**
 * Collecting of labels while a table is read.
 *
 * @module
 */
import { MOST_CLASSES, type TextLabels } from "./classes.ts";

/** Longest text of a label, in code units. */
const LONGEST_LABEL = 256;

/** Next step in messages about samples without a label. */
export const NO_LABEL = 'name another column as "label", or delete the rows without one';

interface LabelCollector {
  /**
   * Appends the label of a sample.
   *
   * @param place returns its place, such as `line 3`, for later messages
   * @param where returns its place with file and column, for an error
   * @throws {SyntaxError} if the text is empty or longer than 256 code units
   * @throws {RangeError} if it is the 65,537th different text
   */
  append(text: string, place: () => string, where: () => string): void;
  /** Returns all labels. */
  take(): TextLabels;
}

/** Returns an empty collection of labels. */
export function createLabelCollector(origin: string): LabelCollector {
  const known = new Map<string, number>();
  const places: string[] = [];
  let indices = new Uint16Array(1024);
  let count = 0;
  return {
    append(text, place, where) {
      let index = known.get(text);
      if (index === undefined) {
        if (text === "" || text.length > LONGEST_LABEL) {
          throw new SyntaxError(
            `Cannot read ${where()}: expected a label of 1 to ${LONGEST_LABEL} ` +
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
        places.push(place());
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
