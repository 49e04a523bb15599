import type { Evaluation, PartName, RunRecord } from "../run/record.ts";
import { countRight, type Interval, predictedClasses, wilsonInterval } from "../evaluate/mod.ts";
import { formatCount, formatNumber, formatPercent } from "deno-plot-svg";

/** Which part speaks for the run: the first of these that was evaluated. */
const PREFERENCE: readonly PartName[] = ["test", "validation", "train"];

/** The evaluation that speaks for the run; undefined if no part was evaluated. */
export function mainEvaluation({ evaluations }: RunRecord): Evaluation | undefined {
  return PREFERENCE
    .map((part) => evaluations.find((each) => each.part === part && each.labels.length > 0))
    .find((found) => found !== undefined);
}

/** The result in one line: accuracy, number of samples and interval. */
export function resultLine(record: RunRecord): string {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return "No part was evaluated";
  return accuracyLine(evaluation, record.classes.length);
}

/** Further figures of the result in one line; undefined if no part was evaluated. */
export function detailLine(record: RunRecord): string | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const { loss, labels, raw } = evaluation;
  const mistakes = labels.length - rightOf(evaluation, record.classes.length);
  return [
    mistakes === 1 ? "1 mistake" : `${formatCount(mistakes)} mistakes`,
    `mean loss ${formatNumber(loss)}`,
    ...(raw === undefined
      ? []
      : [`${formatPercent(raw.accuracy)} right without averaging the weights`]),
    `${formatCount(record.parameters)} parameters`,
    workWords(record),
  ].join(" · ");
}

/** How long it was trained, or of how many runs it was made. */
function workWords({ epochs, members }: RunRecord): string {
  if (members !== undefined) return `${formatCount(members.length)} members`;
  return epochs.length === 1 ? "1 epoch" : `${formatCount(epochs.length)} epochs`;
}

/** A line for each evaluated part but the one that speaks for the run. */
export function otherLines(record: RunRecord): readonly string[] {
  const main = mainEvaluation(record);
  return record.evaluations
    .filter((each) => each !== main && each.labels.length > 0)
    .map((each) => accuracyLine(each, record.classes.length));
}

/** How a part is called in a sentence. */
export function partWords(part: PartName): string {
  return part === "train" ? "training" : part;
}

function accuracyLine(evaluation: Evaluation, classes: number): string {
  const samples = evaluation.labels.length;
  const right = rightOf(evaluation, classes);
  return `${formatPercent(right / samples)} of ${formatCount(samples)} ` +
    `${partWords(evaluation.part)} samples right ` +
    `(95\u00a0% interval ${intervalWords(wilsonInterval(right, samples))})`;
}

function rightOf({ labels, probabilities }: Evaluation, classes: number): number {
  return countRight(labels, predictedClasses(probabilities, { samples: labels.length, classes }));
}

/** An interval of shares in percent: "97.70–98.46 %". */
export function intervalWords(interval: Interval | null): string {
  if (interval === null) return "–";
  const [low, high] = interval.map((share) => formatPercent(share).slice(0, -2));
  return `${low}–${high}\u00a0%`;
}
