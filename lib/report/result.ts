import type { RunRecord } from "../run/record.ts";
import type { SplitName } from "../data/split/samples.ts";
import { type Evaluation, SPLITS_BY_PRECEDENCE } from "../evaluate/evaluation.ts";
import {
  countRight,
  type Interval,
  predictedClasses,
  type Summary,
  wilsonInterval,
} from "../evaluate/mod.ts";
import { formatCount } from "../format/numbers.ts";
import { formatInterval, formatPercent } from "../format/percent.ts";
import { NONE } from "../format/text_table.ts";

/**
 * Returns the evaluation by which a run is judged: on the test split if it was evaluated, else on the
 * validation split, else on the training split. Returns undefined if no split was evaluated.
 */
export function mainEvaluation({ evaluations }: RunRecord): Evaluation | undefined {
  return SPLITS_BY_PRECEDENCE
    .map((split) => evaluations.find((each) => each.split === split && each.labels.length > 0))
    .find((found) => found !== undefined);
}

/** Formats the accuracy of a run with its 95 % interval, or a sentence that no split was evaluated. */
export function formatResult(record: RunRecord): string {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return "No split was evaluated";
  const { accuracy, interval } = evaluationResult(evaluation, record.classes.length);
  const samples = `${formatCount(evaluation.labels.length)} ${
    formatSplit(evaluation.split)
  } samples`;
  return `Accuracy ${formatPercent(accuracy)} on ${samples} (${formatNamedInterval(interval)})`;
}

/** Returns the name of a split as an adjective: "training", "validation" or "test". */
export function formatSplit(split: SplitName): string {
  return split === "train" ? "training" : split;
}

/**
 * Returns the accuracy of an evaluation, 0 to 1, its 95 % Wilson interval, and the number of mistakes.
 * `classes` is the number of classes.
 */
export function evaluationResult(
  { labels, probabilities }: Evaluation,
  classes: number,
): Pick<Summary, "mistakes" | "interval"> & { readonly accuracy: number } {
  const samples = labels.length;
  const right = countRight(labels, predictedClasses(probabilities, { samples, classes }));
  return {
    accuracy: right / samples,
    mistakes: samples - right,
    interval: wilsonInterval(right, samples),
  };
}

/** Formats the 95 % interval of a proportion with its name: "95 % interval 97.70–98.46 %". */
export function formatNamedInterval(interval: Interval | null): string {
  return `95\u00a0% interval ${formatOptionalInterval(interval)}`;
}

/** Formats the interval of a proportion: "97.70–98.46 %"; a dash if there is none. */
export function formatOptionalInterval(interval: Interval | null): string {
  return interval === null ? NONE : formatInterval(interval);
}
