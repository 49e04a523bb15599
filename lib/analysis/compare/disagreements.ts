/**
 * Samples that some of several runs get right and others wrong.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import { jsonLines } from "../../run/json.ts";
import { type ComparedRun, pairedSplit, resultOf, type SplitResult } from "./comparison.ts";

/** A sample that runs disagree about. */
export interface Disagreement {
  /** Row of the sample in the file it came from. */
  readonly row: number;
  /** True class. */
  readonly label: number;
  /** The class that each of the runs predicts, with its probability. */
  readonly predictions: readonly { readonly predicted: number; readonly probability: number }[];
  /** Probability of the true class by the run that is surest of it, less that by the least sure. */
  readonly contrast: number;
}

/** Runs that were asked about the same samples, and those about which they disagree. */
export interface Disagreements {
  readonly split: SplitName;
  /** Places of the runs. */
  readonly runs: readonly number[];
  /** The samples of the largest contrast first; of equal ones the lower row. */
  readonly samples: readonly Disagreement[];
}

/**
 * The samples of a split that some of the runs get right and others wrong, of all runs that were asked
 * about the same as the first.
 *
 * @returns undefined if there is no second one
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

/** disagreements.jsonl: a line for each sample, with the names of its classes. */
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
