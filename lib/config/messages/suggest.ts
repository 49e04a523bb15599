import { quote } from "./problem.ts";

/** Longest name that is compared: what is longer is no misspelling of one of ours. */
const LONGEST = 64;

/** Returns `: did you mean "x"?` with the candidate nearest to a word, or nothing if none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? "" : `: did you mean ${quote(near)}?`;
}

/**
 * The candidate nearest to a word, or undefined if none is near.
 *
 * Near means: no more edits than a third of the longer word, and at least one (so that "adm" finds
 * "adam" and "x" finds nothing of two letters). Capitals, hyphens and underscores cost nothing. Of
 * equally near candidates the first wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plainWord = plain(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST) continue;
    const plainCandidate = plain(candidate);
    const longer = Math.max(plainWord.length, plainCandidate.length);
    const distance = editDistance(plainWord, plainCandidate);
    const near = distance <= Math.max(1, Math.floor(longer / 3)) && distance < longer;
    if (near && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A name as it is compared: `batch_size`, `batch-size` and `batchSize` are one. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/**
 * The least number of insertions, deletions, substitutions and swaps of neighbours that turn one
 * word into the other (optimal string alignment, a restricted Damerau–Levenshtein distance).
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let least = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, beforeLast[j - 2] + 1);
      }
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length];
}
