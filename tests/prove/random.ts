/** Random numbers of proofs. */

/** Returns numbers from 0 to 1 that follow from a seed (Marsaglia's xorshift, 32 bits). */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
