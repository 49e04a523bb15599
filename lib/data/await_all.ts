/**
 * Awaiting of several promises, with reproducible errors.
 *
 * @module
 */

/**
 * Awaits all promises and returns their results. If some are rejected, waits for the others and then throws
 * the error of the first rejected one in the list, no matter which was rejected first in time.
 */
export async function awaitAll<Result>(
  promises: readonly Promise<Result>[],
): Promise<readonly Result[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
