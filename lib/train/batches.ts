/**
 * Division of an epoch's samples into batches.
 *
 * @module
 */

/** The batches of one pass over a number of samples: whole ones, then at most one smaller one. */
export interface Batches {
  /** Samples in a whole batch. */
  readonly size: number;
  /** Number of whole batches. */
  readonly whole: number;
  /** Samples in the last, smaller batch; 0 if there is none. */
  readonly rest: number;
  /** Number of batches. */
  readonly steps: number;
}

/** Divides samples into batches of `size`; fewer samples than that are one smaller batch. */
export function batchesOf(samples: number, size: number): Batches {
  const whole = Math.floor(samples / size);
  const rest = samples % size;
  return { size, whole, rest, steps: whole + (rest === 0 ? 0 : 1) };
}
