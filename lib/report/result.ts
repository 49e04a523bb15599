import type { RunRecord } from "../run/record.ts";
import type { SplitName } from "../data/parts.ts";
import { type Evaluation, SPEAKING } from "../evaluate/evaluation.ts";
import { countRight, type Interval, predictedClasses, wilsonInterval } from "../evaluate/mod.ts";
import { formatCount } from "../format/numbers.ts";
import { formatInterval, formatPercent } from "../format/percent.ts";
import { NONE } from "../format/text_table.ts";

/** The evaluation that speaks for the run; undefined if no part was evaluated. */
export function mainEvaluation({ evaluations }: RunRecord): Evaluation | undefined {
  return SPEAKING
    .map((part) => evaluations.find((each) => each.part === part && each.labels.length > 0))
    .find((found) => found !== undefined);
}

/** The result in one line: accuracy, number of samples and interval. */
export function resultLine(record: RunRecord): string {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return "No part was evaluated";
  return accuracyLine(evaluation, record.classes.length);
}

/** How a part is called in a sentence. */
export function partWords(part: SplitName): string {
  return part === "train" ? "training" : part;
}

/** The share of an evaluation's samples that are right. */
export function accuracyOf(evaluation: Evaluation, classes: number): number {
  return rightOf(evaluation, classes) / evaluation.labels.length;
}

/** How many of an evaluation's samples are not right. */
export function mistakesOf(evaluation: Evaluation, classes: number): number {
  return evaluation.labels.length - rightOf(evaluation, classes);
}

/** The interval of an evaluation's accuracy: "95 % interval 97.70–98.46 %". */
export function wordsOfInterval(evaluation: Evaluation, classes: number): string {
  const interval = wilsonInterval(rightOf(evaluation, classes), evaluation.labels.length);
  return `95\u00a0% interval ${intervalWords(interval)}`;
}

function accuracyLine(evaluation: Evaluation, classes: number): string {
  const accuracy = formatPercent(accuracyOf(evaluation, classes));
  const samples = formatCount(evaluation.labels.length);
  return `${accuracy} of ${samples} ${partWords(evaluation.part)} samples right ` +
    `(${wordsOfInterval(evaluation, classes)})`;
}

function rightOf({ labels, probabilities }: Evaluation, classes: number): number {
  return countRight(labels, predictedClasses(probabilities, { samples: labels.length, classes }));
}

/** An interval of shares in percent: "97.70–98.46 %". */
export function intervalWords(interval: Interval | null): string {
  return interval === null ? NONE : formatInterval(interval);
}
