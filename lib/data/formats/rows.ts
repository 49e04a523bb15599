/**
 * Collecting of a table's rows, in 8 bits as long as their numbers permit.
 *
 * @module
 */
import { LARGEST_FILE } from "./content.ts";

interface RowCollector {
  /**
   * Appends a copy of a row, unless one of its numbers is not finite in 32 bits.
   *
   * @returns the index of the first such number in the row, or −1
   * @throws {RangeError} if all rows together need more than 8 GiB
   */
  append(row: Float64Array): number;
  /** Moves all rows to shared memory, row-major, and empties the collection. */
  take(): Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
}

/** Approximate numbers in a block, and in the first block before it grows to that size. */
const [BLOCK, FIRST] = [2 ** 22, 2 ** 12] as const;

type Block = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/**
 * Returns an empty collection of rows. Its numbers are 8-bit as long as all are whole and from 0 to 255;
 * the first other number converts all to 32-bit floating point.
 *
 * @param features numbers in a row
 * @param origin path or name of the file in messages
 */
export function createRowCollector(features: number, origin: string): RowCollector {
  const rowsPerBlock = Math.max(1, Math.floor(BLOCK / features));
  const blocks: Block[] = [];
  let bytesANumber = 1;
  let count = 0;

  /** Returns a block of about `numbers` numbers: whole rows, at least one. */
  function emptyBlock(numbers: number): Block {
    const rows = Math.min(rowsPerBlock, Math.max(1, Math.floor(numbers / features)));
    return bytesANumber === 1 ? new Uint8Array(rows * features) : new Float32Array(rows * features);
  }

  function nextPlace(): Block {
    if ((count + 1) * features * bytesANumber > LARGEST_FILE) {
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
      let place = nextPlace();
      if (place instanceof Uint8Array) {
        if (writeBytes(row, place)) {
          count++;
          return -1;
        }
        bytesANumber = 4;
        blocks.forEach((block, i) => blocks[i] = Float32Array.from(block));
        place = nextPlace();
      }
      const wrong = writeFloats(row, place as Float32Array);
      if (wrong < 0) count++;
      return wrong;
    },
    take() {
      const length = count * features;
      const values = bytesANumber === 1
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

/** Writes numbers as bytes. Returns false at the first that a byte cannot represent. */
function writeBytes(row: Float64Array, bytes: Uint8Array): boolean {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    bytes[i] = value;
    if (bytes[i] !== value) return false;
  }
  return true;
}

/** Writes numbers in 32 bits. Returns the index of the first that is not finite then, or −1. */
function writeFloats(row: Float64Array, floats: Float32Array): number {
  for (let i = 0; i < row.length; i++) {
    floats[i] = row[i];
    if (!Number.isFinite(floats[i])) return i;
  }
  return -1;
}

/** Converts values to 32-bit numbers in shared memory. Returns 32-bit ones unchanged. */
export function toFloat32(values: Uint8Array | Float32Array): Float32Array {
  if (values instanceof Float32Array) return values;
  const floats = new Float32Array(new SharedArrayBuffer(4 * values.length));
  floats.set(values);
  return floats;
}
