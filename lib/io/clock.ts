/**
 * The clock: for workers, which load this module, and for all who time what they do.
 *
 * @module
 */

/** URL of this module, as a machine's plan names its clock. */
export const CLOCK: string = import.meta.url;

/** Microseconds since the thread began, to a fraction of one. */
export function now(): number {
  return 1000 * performance.now();
}

/** Moment at which the thread began, in microseconds since 1970. */
export const origin: number = 1000 * performance.timeOrigin;
