import { quoteText } from "./problem.ts";

/** Largest length of a name that is compared (characters). A longer one is not a misspelling. */
const LONGEST_NAME = 64;

/**
 * Returns the text `: did you mean "x"?` with the candidate most similar to a word, or an empty text if
 * none is similar.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? "" : `: did you mean ${quoteText(near)}?`;
}

/**
 * Returns the candidate most similar to a misspelt word, or undefined if none is similar.
 *
 * A candidate is similar if the number of edits is 1 or at most a third of the length of the longer word:
 * "adm" finds "adam". Capitals, hyphens and underscores are ignored, and the first of equally similar
 * candidates is returned. If there is none, a candidate is similar if it shares a long run of letters with
 * the word ("CrossEntropyLoss" finds "softmaxCrossEntropy"), or if the word consists of its initials ("mse"
 * finds "meanSquaredError").
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  const known = [...candidates].filter(({ length }) => length <= LONGEST_NAME);
  return nearestByEdits(word, known) ?? nearestBySharedLetters(word, known) ??
    known.find((name) => normalizeName(word).length > 1 && initials(name) === normalizeName(word));
}

/** Returns the candidate with the fewest edits from a word, or undefined if none is similar. */
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

/** Smallest number of consecutive letters that a word and a candidate must share. */
const LEAST_SHARED_LETTERS = 4;

/**
 * Returns the candidate that shares the longest run of letters with a word. The run must have at least 4
 * letters, and be at least half of the longer of the two words or the whole of the shorter one. Returns
 * undefined if there is no such run.
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

/** Returns the length of the longest run of consecutive letters that occurs in both words. */
function longestSharedRun(a: string, b: string): number {
  let longest = 0;
  for (let from = 0; from < a.length; from++) {
    while (b.includes(a.slice(from, from + longest + 1)) && from + longest < a.length) longest++;
  }
  return longest;
}

/** Returns the initials of the words in a name: "mse" for "meanSquaredError". */
function initials(name: string): string {
  return (name.match(/^[a-z]|[A-Z]|(?<=[-_ ])[a-z]/g) ?? []).join("").toLowerCase();
}

/**
 * Converts a name to lower case without hyphens, underscores and spaces, so that `batch_size`, `batch-size`
 * and `batchSize` compare equal.
 */
function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/**
 * Computes the optimal string alignment distance of two words (a restricted Damerau–Levenshtein distance):
 * the least number of insertions, deletions, substitutions and swaps of adjacent letters that turn one into
 * the other.
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
