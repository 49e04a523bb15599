/**
 * Awaiting of several promises, with reproducible errors.
 *
 * @module
 */

/**
 * Awaits all promises and returns their results. If several fail, throws the error of the first of these in
 * the list, no matter which failed first in time.
 */
export async function awaitAll<Result>(
  promises: readonly Promise<Result>[],
): Promise<readonly Result[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
