/**
 * Collection of the rows of a table, stored in 8 bits as long as all numbers are bytes.
 *
 * @module
 */
import { LARGEST_FILE } from "./content.ts";

/** A collection of rows of numbers, appended one by one. */
interface RowCollector {
  /**
   * Appends a copy of a row, unless one of its numbers is not finite in 32 bits.
   *
   * @returns −1 if the row was appended, and otherwise the index of its first number that is not finite in
   *     32 bits
   * @throws {RangeError} if all rows together would need more than 8 GiB
   */
  append(row: Float64Array): number;
  /**
   * Removes all rows from the collection and returns them [rows, features], row-major, in shared memory.
   */
  take(): Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
}

/**
 * Approximate number of elements of a block, and of the first block when it is created. The first block
 * grows up to the size of a block.
 */
const [BLOCK, FIRST] = [2 ** 22, 2 ** 12] as const;

type Block = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/**
 * Returns an empty collection of rows. Numbers are stored in 8 bits as long as all are integers from 0 to
 * 255. The first other number converts all of them to 32-bit floating point.
 *
 * @param features number of elements of a row
 * @param origin path or name of the file in error messages
 */
export function createRowCollector(features: number, origin: string): RowCollector {
  const rowsPerBlock = Math.max(1, Math.floor(BLOCK / features));
  const blocks: Block[] = [];
  let bytesPerNumber = 1;
  let count = 0;

  /** Returns a new block for about `numbers` elements. It has room for whole rows, at least one. */
  function emptyBlock(numbers: number): Block {
    const rows = Math.min(rowsPerBlock, Math.max(1, Math.floor(numbers / features)));
    return bytesPerNumber === 1
      ? new Uint8Array(rows * features)
      : new Float32Array(rows * features);
  }

  /**
   * Returns the part of the last block into which the next row is to be written. Adds or enlarges a block
   * if the blocks are full. Throws a RangeError if all rows together need more than 8 GiB.
   */
  function roomForNextRow(): Block {
    if ((count + 1) * features * bytesPerNumber > LARGEST_FILE) {
      throw new RangeError(
        `Cannot read "${origin}": expected features of at most ${LARGEST_FILE} bytes: ` +
          "received more",
      );
    }
    const at = (count % rowsPerBlock) * features;
    if (count === blocks.length * rowsPerBlock) {
      blocks.push(emptyBlock(blocks.length === 0 ? FIRST : BLOCK));
    }
    let last = blocks[blocks.length - 1];
    if (at === last.length) {
      const grown = emptyBlock(4 * last.length);
      grown.set(last);
      blocks[blocks.length - 1] = last = grown;
    }
    return last.subarray(at, at + features);
  }

  return {
    append(row) {
      let place = roomForNextRow();
      if (place instanceof Uint8Array) {
        if (writeRowAsBytes(row, place)) {
          count++;
          return -1;
        }
        bytesPerNumber = 4;
        blocks.forEach((block, i) => blocks[i] = Float32Array.from(block));
        place = roomForNextRow();
      }
      const wrong = writeRowAsFloats(row, place as Float32Array);
      if (wrong < 0) count++;
      return wrong;
    },
    take() {
      const length = count * features;
      const values = bytesPerNumber === 1
        ? new Uint8Array(new SharedArrayBuffer(length))
        : new Float32Array(new SharedArrayBuffer(4 * length));
      for (let at = 0; at < length; at += rowsPerBlock * features) {
        const block = blocks.shift() as Block; // a block goes as soon as it is copied
        values.set(block.subarray(0, length - at), at);
      }
      return values;
    },
  };
}

/**
 * Writes the numbers of a row as bytes. Returns false as soon as one of them is not an integer from 0 to
 * 255.
 */
function writeRowAsBytes(row: Float64Array, bytes: Uint8Array): boolean {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    bytes[i] = value;
    if (bytes[i] !== value) return false;
  }
  return true;
}

/**
 * Writes the numbers of a row as 32-bit floating-point numbers. Returns −1, or the index of the first
 * number that is not finite in 32 bits, at which it stops.
 */
function writeRowAsFloats(row: Float64Array, floats: Float32Array): number {
  for (let i = 0; i < row.length; i++) {
    floats[i] = row[i];
    if (!Number.isFinite(floats[i])) return i;
  }
  return -1;
}

/**
 * Converts 8-bit integers to 32-bit floating-point numbers in shared memory. Returns 32-bit numbers
 * unchanged and without a copy.
 */
export function toFloat32(values: Uint8Array | Float32Array): Float32Array {
  if (values instanceof Float32Array) return values;
  const floats = new Float32Array(new SharedArrayBuffer(4 * values.length));
  floats.set(values);
  return floats;
}
