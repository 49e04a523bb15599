/** Random numbers of one case: the same for the same seed, format and number. */
export interface Random {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** One of some items. */
  of<Item>(items: readonly Item[]): Item;
  /** Returns true with this probability. */
  happens(probability: number): boolean;
}

/** Returns the random numbers of a case (mulberry32, seeded by FNV-1a of the text). */
export function randomOf(text: string): Random {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  const next = (): number => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
  return {
    below: (count) => Math.floor(next() * count),
    of: (items) => items[Math.floor(next() * items.length)],
    happens: (probability) => next() < probability,
  };
}
