import { quoteText } from "./problem.ts";

/** Longest name that is compared; a longer one is not a misspelling of a known name. */
const LONGEST_NAME = 64;

/** Returns `: did you mean "x"?` with the candidate nearest to a word; empty if none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? "" : `: did you mean ${quoteText(near)}?`;
}

/**
 * Returns the candidate nearest to a word; undefined if none is near.
 *
 * A candidate is near if the number of edits is at most a third of the longer word, or 1 (so "adm" finds
 * "adam", but "x" finds nothing with two letters). Capitals, hyphens and underscores are ignored. The first of
 * equally near candidates wins. Otherwise, a candidate is near if it shares a long run of letters with the
 * word, or if the word is its initials: "crossentropy" and "CrossEntropyLoss" find "softmaxCrossEntropy",
 * "mse" finds "meanSquaredError".
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  const known = [...candidates].filter(({ length }) => length <= LONGEST_NAME);
  return nearestByEdits(word, known) ?? nearestBySharedLetters(word, known) ??
    known.find((name) => normalizeName(word).length > 1 && initials(name) === normalizeName(word));
}

function nearestByEdits(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = normalizeName(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const plainCandidate = normalizeName(candidate);
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

/** Smallest number of consecutive letters by which a name is recognized. */
const LEAST_SHARED_LETTERS = 4;

/**
 * Returns the candidate that shares the longest run of letters with a word: at least half of the longer of
 * both, or all of the shorter.
 */
function nearestBySharedLetters(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = normalizeName(word);
  let best: string | undefined;
  let most = LEAST_SHARED_LETTERS - 1;
  for (const candidate of candidates) {
    const plainCandidate = normalizeName(candidate);
    const shared = longestSharedRun(plainWord, plainCandidate);
    const [shorter, longer] = [plainWord.length, plainCandidate.length].sort((a, b) => a - b);
    if (shared <= most || 2 * shared < longer && shared < shorter) continue;
    best = candidate;
    most = shared;
  }
  return best;
}

/** Returns the length of the longest run of letters that two words share. */
function longestSharedRun(a: string, b: string): number {
  let longest = 0;
  for (let from = 0; from < a.length; from++) {
    while (b.includes(a.slice(from, from + longest + 1)) && from + longest < a.length) longest++;
  }
  return longest;
}

/** Returns the initials of a name: "mse" for "meanSquaredError". */
function initials(name: string): string {
  return (name.match(/^[a-z]|[A-Z]|(?<=[-_ ])[a-z]/g) ?? []).join("").toLowerCase();
}

/** Normalizes a name for comparison: `batch_size`, `batch-size` and `batchSize` are equal. */
function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/**
 * Computes the optimal string alignment distance (a restricted Damerau–Levenshtein distance): the least number
 * of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
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
