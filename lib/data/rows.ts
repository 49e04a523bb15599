/**
 * Rows of numbers whose count is not known beforehand: 8-bit as long as they fit, else f32.
 *
 * @module
 */
import { LARGEST_FILE } from "./content.ts";

/** Rows that come one after the other. */
export interface Rows {
  /**
   * Appends a copy of a row.
   *
   * @throws {RangeError} if all rows together need more than 8 GiB
   */
  append(row: Float64Array): void;
  /** All rows, row-major, in shared memory; they are gone here afterwards. */
  take(): Uint8Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
}

/** Numbers in a block, about. */
const BLOCK = 2 ** 22;

type Block = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/**
 * Collects rows of so many numbers. Whole numbers from 0 to 255 stay 8-bit, as images are, until
 * the first other one; then all become 32-bit floating point.
 *
 * @param features numbers in a row
 * @param origin where they are from, for messages
 */
export function collectRows(features: number, origin: string): Rows {
  const rowsPerBlock = Math.max(1, Math.floor(BLOCK / features));
  const blocks: Block[] = [];
  let is8Bit = true;
  let count = 0;
  const newBlock = (): Block => {
    const length = rowsPerBlock * features;
    return is8Bit ? new Uint8Array(length) : new Float32Array(length);
  };
  return {
    append(row) {
      if (is8Bit && !row.every(fitsByte)) {
        is8Bit = false;
        blocks.forEach((block, i) => blocks[i] = Float32Array.from(block));
      }
      if ((count + 1) * features * (is8Bit ? 1 : 4) > LARGEST_FILE) {
        throw new RangeError(
          `Cannot read "${origin}": expected features of at most ${LARGEST_FILE} bytes: ` +
            "received more",
        );
      }
      const place = count % rowsPerBlock;
      if (place === 0) blocks.push(newBlock());
      (blocks.at(-1) as Block).set(row, place * features);
      count++;
    },
    take() {
      const length = count * features;
      const values = is8Bit
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

function fitsByte(value: number): boolean {
  return value >= 0 && value <= 255 && Number.isInteger(value);
}

/** Values as 32-bit numbers in shared memory; those that are so already as they are. */
export function toFloat32(values: Uint8Array | Float32Array): Float32Array {
  if (values instanceof Float32Array) return values;
  const floats = new Float32Array(new SharedArrayBuffer(4 * values.length));
  floats.set(values);
  return floats;
}
