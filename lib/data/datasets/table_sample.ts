/**
 * Selection of some lines of a large table, from which the sizes of a data set are estimated.
 *
 * @module
 */
import { concatenateBytes } from "../formats/content.ts";
import { decompress, readRange, type StoredFile, storedFileFromBytes } from "../formats/gzip.ts";

/**
 * Length of the content up to which a table is read whole (bytes). A table with categories of this length
 * takes 0.1 s.
 */
const MOST_BYTES = 2 ** 18;

/** Number of positions in a large uncompressed table at which lines are read. */
const PLACES = 16;

const LINE_FEED = 0x0a;

/** A selection of the lines of a table. */
export interface TableSample {
  /** The selected lines as a file, beginning with the first line of the table. */
  readonly file: StoredFile;
  /** Length of the selected lines as a fraction of the length of the table, from 0 to 1. */
  readonly share: number;
}

/**
 * Selects lines of a large table, about 256 KiB in all. In an uncompressed table they are at evenly spaced
 * positions; in a compressed one they are the first lines. Of a small table, all lines are selected.
 *
 * @throws {SyntaxError} if lines are too long to be selected
 */
export async function selectTableLines(file: StoredFile): Promise<TableSample> {
  const { isCompressed, pieces } = await decompress(file);
  if (isCompressed) return await selectFirstLines(file, pieces);
  if (file.length <= MOST_BYTES) return { file, share: 1 };
  const size = MOST_BYTES / PLACES;
  const parts: Uint8Array[] = [];
  for (let place = 0; place < PLACES; place++) {
    const from = Math.floor((file.length - size) * place / (PLACES - 1));
    const part = await readRange(file, from, from + size);
    const start = place === 0 ? 0 : part.indexOf(LINE_FEED) + 1;
    const end = part.lastIndexOf(LINE_FEED) + 1;
    if (start < end) parts.push(part.subarray(start, end));
    else if (place === 0) throw noLinesError(file);
  }
  return toTableSample(file, concatenateBytes(parts), file.length);
}

/** Selects the first lines of a compressed table, given the pieces of its decompressed content. */
async function selectFirstLines(
  file: StoredFile,
  pieces: AsyncIterable<Uint8Array>,
): Promise<TableSample> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = true;
  for await (const piece of pieces) {
    parts.push(piece);
    length += piece.length;
    isWhole = length <= MOST_BYTES;
    if (!isWhole) break;
  }
  if (isWhole) return { file, share: 1 };
  const start = concatenateBytes(parts);
  const lines = start.subarray(0, start.lastIndexOf(LINE_FEED) + 1);
  if (lines.length === 0) throw noLinesError(file);
  // gzip ends with the length of its content modulo 2³²
  const end = await readRange(file, file.length - 4, file.length);
  const whole = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  return toTableSample(file, lines, Math.max(whole, length));
}

/**
 * Returns selected lines of a table as a sample of it. `length` is the length of the whole table in bytes.
 */
function toTableSample({ origin }: StoredFile, lines: Uint8Array, length: number): TableSample {
  return { file: storedFileFromBytes(lines, origin), share: lines.length / length };
}

/** Returns the error for a table whose lines are too long to be selected. */
function noLinesError({ origin }: StoredFile): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}": expected lines of at most ${
      MOST_BYTES / PLACES
    } bytes: received longer ones`,
  );
}
