/**
 * Division of an epoch's samples into batches.
 *
 * @module
 */

/** Division of a number of samples into batches: whole batches, then at most one smaller batch. */
export interface Batches {
  /** Number of samples in a whole batch. */
  readonly size: number;
  /** Number of whole batches. */
  readonly whole: number;
  /** Number of samples in the last, smaller batch; 0 if all batches are whole. */
  readonly rest: number;
  /** Number of batches, each of which is processed by one step. */
  readonly steps: number;
}

/** Divides samples into batches of `batchSize` samples. Samples that remain form a last, smaller batch. */
export function divideIntoBatches(sampleCount: number, batchSize: number): Batches {
  const whole = Math.floor(sampleCount / batchSize);
  const rest = sampleCount % batchSize;
  return { size: batchSize, whole, rest, steps: whole + (rest === 0 ? 0 : 1) };
}
