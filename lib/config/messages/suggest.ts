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
 * equally near candidates the first wins. If no candidate is near in this sense, one that shares a
 * long run of letters with the word is, or one whose initials the word is: "crossentropy" and
 * "CrossEntropyLoss" find "softmaxCrossEntropy", "mse" finds "meanSquaredError".
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const known = [...candidates].filter(({ length }) => length <= LONGEST);
  return nearestByEdits(word, known) ?? mostShared(word, known) ??
    known.find((name) => plain(word).length > 1 && initials(name) === plain(word));
}

function nearestByEdits(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = plain(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
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

/** Fewest letters in a row by which a name is recognized. */
const LEAST_SHARED = 4;

/**
 * Returns the candidate with the longest run of letters that is in the word too: at least half of the
 * longer of both, or all of the shorter.
 */
function mostShared(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = plain(word);
  let best: string | undefined;
  let most = LEAST_SHARED - 1;
  for (const candidate of candidates) {
    const plainCandidate = plain(candidate);
    const shared = longestShared(plainWord, plainCandidate);
    const [shorter, longer] = [plainWord.length, plainCandidate.length].sort((a, b) => a - b);
    if (shared <= most || 2 * shared < longer && shared < shorter) continue;
    best = candidate;
    most = shared;
  }
  return best;
}

/** Length of the longest run of letters that two words share. */
function longestShared(a: string, b: string): number {
  let longest = 0;
  for (let from = 0; from < a.length; from++) {
    while (b.includes(a.slice(from, from + longest + 1)) && from + longest < a.length) longest++;
  }
  return longest;
}

/** The first letters of the words in a name: "mse" for "meanSquaredError". */
function initials(name: string): string {
  return (name.match(/^[a-z]|[A-Z]|(?<=[-_ ])[a-z]/g) ?? []).join("").toLowerCase();
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
