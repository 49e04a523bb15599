/**
 * Finds the samples that some of several runs get right and others wrong.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import { jsonLines } from "../../run/json.ts";
import { type ComparedRun, pairedSplit, resultOf, type SplitResult } from "./comparison.ts";

/** A sample on which runs disagree. */
export interface Disagreement {
  /** Row of the sample in its file. */
  readonly row: number;
  /** True class. */
  readonly label: number;
  /** The class that each run predicts, with its probability. */
  readonly predictions: readonly { readonly predicted: number; readonly probability: number }[];
  /** Largest minus smallest probability of the true class among the runs. */
  readonly contrast: number;
}

/** Runs that were evaluated on the same samples, and the samples on which they disagree. */
export interface Disagreements {
  readonly split: SplitName;
  /** Indices of the runs. */
  readonly runs: readonly number[];
  /** Samples by falling contrast, then by row. */
  readonly samples: readonly Disagreement[];
}

/**
 * Finds the samples of a split that some runs get right and others wrong, among the runs that were evaluated
 * on the same samples as the first.
 *
 * @returns undefined if there is no second such run
 */
export function findDisagreements(
  runs: readonly ComparedRun[],
  split: SplitName,
): Disagreements | undefined {
  const [first] = runs;
  const places = [...runs.keys()].filter((place) =>
    pairedSplit(first, runs[place], [split]).split !== undefined
  );
  if (places.length < 2) return undefined;
  const results = places.map((place) => resultOf(runs[place], split));
  const { labels } = results[0].evaluation;
  const samples = Array.from(labels.keys())
    .filter((index) => {
      const right = results.filter(({ predicted }) => predicted[index] === labels[index]).length;
      return right > 0 && right < results.length;
    })
    .map((index) => disagreement(results, index))
    .sort((a, b) => b.contrast - a.contrast || a.row - b.row);
  return { split, runs: places, samples };
}

function disagreement(results: readonly SplitResult[], index: number): Disagreement {
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

/** Encodes disagreements.jsonl: a line for each sample, with the names of its classes. */
export function encodeDisagreements(
  { split, runs: places, samples }: Disagreements,
  runs: readonly ComparedRun[],
): string {
  const { classes } = runs[places[0]].record;
  return jsonLines(samples.map(({ row, label, predictions }) => ({
    split,
    row,
    class: classes[label],
    predictions: predictions.map(({ predicted, probability }, index) => ({
      run: runs[places[index]].run,
      class: classes[predicted],
      probability,
    })),
  })));
}
