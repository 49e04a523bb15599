/**
 * Awaiting of concurrent work with reproducible errors.
 *
 * @module
 */

/**
 * Awaits all promises and returns their results. If several fail, throws the error of the first in their
 * order, whichever failed first in time.
 */
export async function awaitAll<Result>(
  work: readonly Promise<Result>[],
): Promise<readonly Result[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
