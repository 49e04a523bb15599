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

/** Returns the evaluation that represents the run; undefined if no split was evaluated. */
export function mainEvaluation({ evaluations }: RunRecord): Evaluation | undefined {
  return SPLITS_BY_PRECEDENCE
    .map((split) => evaluations.find((each) => each.split === split && each.labels.length > 0))
    .find((found) => found !== undefined);
}

export function resultLine(record: RunRecord): string {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return "No split was evaluated";
  const { accuracy, interval } = resultOf(evaluation, record.classes.length);
  const samples = `${formatCount(evaluation.labels.length)} ${
    formatSplit(evaluation.split)
  } samples`;
  return `Accuracy ${formatPercent(accuracy)} on ${samples} (${namedInterval(interval)})`;
}

export function formatSplit(split: SplitName): string {
  return split === "train" ? "training" : split;
}

/** Returns accuracy, mistakes, and the 95 % interval of the accuracy of an evaluation. */
export function resultOf(
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

/** Formats an interval of proportions with its name: "95 % interval 97.70–98.46 %". */
export function namedInterval(interval: Interval | null): string {
  return `95\u00a0% interval ${formatOptionalInterval(interval)}`;
}

/** Formats an interval of proportions: "97.70–98.46 %". */
export function formatOptionalInterval(interval: Interval | null): string {
  return interval === null ? NONE : formatInterval(interval);
}
