/**
 * The clock. Workers load this module by its URL, so that the engine itself needs no clock.
 *
 * @module
 */

/** URL of this module, which a machine's plan passes to its workers. */
export const CLOCK_URL: string = import.meta.url;

/** Returns the time since the thread started, in microseconds with a fraction. */
export function now(): number {
  return 1000 * performance.now();
}

/** Start of the thread, in microseconds since 1970. */
export const origin: number = 1000 * performance.timeOrigin;
