/**
 * Clock of the current thread. Workers load this module by its URL, so that the engine does not depend on a
 * clock.
 *
 * @module
 */

/** URL of this module, from which workers import it. */
export const CLOCK_URL: string = import.meta.url;

/** Returns the time since the current thread started, in microseconds with a fraction. */
export function now(): number {
  return 1000 * performance.now();
}

/** Time at which the current thread started, in microseconds since 1970. */
export const origin: number = 1000 * performance.timeOrigin;
