export interface Batches {
  /** Samples in a whole batch. */
  readonly size: number;
  readonly whole: number;
  /** Samples in the last, smaller batch; 0 if there is none. */
  readonly rest: number;
  readonly steps: number;
}

/** Cuts samples into batches; if there are fewer than a whole batch, they are one batch. */
export function batchesOf(samples: number, size: number): Batches {
  const whole = Math.floor(samples / size);
  const rest = samples % size;
  return { size, whole, rest, steps: whole + (rest === 0 ? 0 : 1) };
}
