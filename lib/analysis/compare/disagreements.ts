/**
 * Finds the samples that some of several runs classify correctly and others do not.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import { jsonLines } from "../../run/json.ts";
import { type ComparedRun, findPairedSplit, type SplitResult, splitResult } from "./comparison.ts";

/** A sample that some runs classify correctly and others do not. */
export interface Disagreement {
  /** Row of the sample in the file of the split. */
  readonly row: number;
  /** Index of the true class. */
  readonly label: number;
  /** For each of {@linkcode Disagreements.runs}: index of the most probable class, and its probability. */
  readonly predictions: readonly { readonly predicted: number; readonly probability: number }[];
  /** Largest minus smallest probability of the true class among the runs. */
  readonly contrast: number;
}

/** Runs that were evaluated on the same samples, and the samples on which they disagree. */
export interface Disagreements {
  readonly split: SplitName;
  /** Indices of these runs in the comparison. */
  readonly runs: readonly number[];
  /** Samples by falling contrast, then by row. */
  readonly samples: readonly Disagreement[];
}

/**
 * Finds the samples of a split that some runs classify correctly and others do not. Runs that were not
 * evaluated on the same samples as the first run are ignored.
 *
 * @returns undefined if no other run was evaluated on the samples of the first
 */
export function findDisagreements(
  runs: readonly ComparedRun[],
  split: SplitName,
): Disagreements | undefined {
  const [first] = runs;
  const runIndices = [...runs.keys()].filter((runIndex) =>
    findPairedSplit(first, runs[runIndex], [split]).split !== undefined
  );
  if (runIndices.length < 2) return undefined;
  const results = runIndices.map((runIndex) => splitResult(runs[runIndex], split));
  const { labels } = results[0].evaluation;
  const samples = Array.from(labels.keys())
    .filter((index) => {
      const right = results.filter(({ predicted }) => predicted[index] === labels[index]).length;
      return right > 0 && right < results.length;
    })
    .map((index) => describeDisagreement(results, index))
    .sort((a, b) => b.contrast - a.contrast || a.row - b.row);
  return { split, runs: runIndices, samples };
}

/**
 * Returns the predictions of all runs for one sample.
 *
 * @param index index of the sample in the split
 */
function describeDisagreement(results: readonly SplitResult[], index: number): Disagreement {
  const { evaluation: { labels, rows } } = results[0];
  const label = labels[index];
  const probability = ({ evaluation: { probabilities } }: SplitResult, of: number) =>
    probabilities[index * (probabilities.length / labels.length) + of];
  const predictions = results.map((result) => {
    const predicted = result.predicted[index];
    return { predicted, probability: probability(result, predicted) };
  });
  const ofTruth = results.map((result) => probability(result, label));
  const contrast = Math.max(...ofTruth) - Math.min(...ofTruth);
  return { row: rows[index], label, predictions, contrast };
}

/**
 * Encodes disagreements.jsonl, with a line for each sample and class names in place of class indices.
 *
 * @param runs all runs of the comparison
 */
export function encodeDisagreements(
  { split, runs: runIndices, samples }: Disagreements,
  runs: readonly ComparedRun[],
): string {
  const { classes } = runs[runIndices[0]].record;
  return jsonLines(samples.map(({ row, label, predictions }) => ({
    split,
    row,
    class: classes[label],
    predictions: predictions.map(({ predicted, probability }, index) => ({
      run: runs[runIndices[index]].run,
      class: classes[predicted],
      probability,
    })),
  })));
}
