/** What comes of work that is done at once; of several failures the first in its order is told. */
export async function together<Result>(
  work: readonly Promise<Result>[],
): Promise<readonly Result[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
