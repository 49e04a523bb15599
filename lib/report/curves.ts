/**
 * Helpers of charts over epochs.
 *
 * A mean over an epoch's mini-batches is drawn at the middle of the epoch, and a score of the parameters
 * after the epoch at its end. Drawn at the same place, validation would appear half an epoch too early.
 *
 * @module
 */
import {
  chart,
  type ChartOptions,
  dots,
  type Figure,
  line,
  type Mark,
  type Points,
} from "deno-plot-svg";
import type { EpochRecord, RunRecord } from "../run/record.ts";
import type { Score } from "../evaluate/evaluation.ts";

/** Height [px] of a chart in one column of the page. */
export const CHART_HEIGHT = 250;

/** Largest number of epochs drawn with dots; more dots would merge into a thick line. */
const MOST_DOTS = 40;

/** Largest number of points in a curve over steps, near the width of a chart in pixels. */
const MOST_POINTS = 240;

/** Draws a chart whose horizontal axis reaches from 0 to a number of epochs. */
export function epochChart(
  epochs: number,
  options: Pick<ChartOptions, "width" | "y" | "marks">,
): Figure {
  const x = { title: "epoch", domain: [0, epochs], count: Math.min(6, epochs) } as const;
  return chart({ height: CHART_HEIGHT, x, ...options });
}

/** Returns whether the validation split was evaluated in at least one epoch of a run. */
export function hasValidation({ epochs }: RunRecord): boolean {
  return epochs.some(({ validation }) => validation !== undefined);
}

/**
 * Formats, for captions, when a run evaluated its validation split: "after each epoch" or "during epochs".
 */
export function formatValidationTimes({ epochs }: RunRecord): string {
  return epochs.some(({ within }) => within !== undefined) ? "during epochs" : "after each epoch";
}

/**
 * Returns a sentence for a caption, with a space before it, on the number of epochs that have a score whose
 * value is not finite. Returns an empty text if there are none.
 *
 * @param value function that returns the drawn value of a score: its loss or accuracy
 */
export function nonFiniteSentence({ epochs }: RunRecord, value: (score: Score) => number): string {
  const gaps = epochs.filter(({ train, validation, average }) =>
    [train, validation, average].some((score) =>
      score !== undefined && !Number.isFinite(value(score))
    )
  );
  if (gaps.length === 0) return "";
  return ` Non-finite values are omitted (${gaps.length} of ${epochs.length} epochs).`;
}

/**
 * Returns a point for each epoch: the value of its score on the training split, at the middle of the epoch.
 */
export function trainingPoints(
  epochs: readonly EpochRecord[],
  value: (score: Score) => number,
): Points {
  return { x: epochs.map(({ epoch }) => epoch - 0.5), y: epochs.map(({ train }) => value(train)) };
}

/**
 * Returns a point for each evaluation of the validation split during training: x is the number of epochs from
 * the start, y the value of the score.
 *
 * @param weights which scores: of the weights ("validation") or of their moving average ("average")
 */
export function validationPoints(
  epochs: readonly EpochRecord[],
  weights: "validation" | "average",
  value: (score: Score) => number,
): Points {
  const last = epochs.at(-1);
  const perEpoch = last === undefined ? 1 : last.step / last.epoch;
  const scored = epochs.flatMap((epoch) => [...epoch.within ?? [], epoch]).flatMap((record) => {
    const score = record[weights];
    return score === undefined ? [] : [{ x: record.step / perEpoch, y: value(score) }];
  });
  return { x: scored.map(({ x }) => x), y: scored.map(({ y }) => y) };
}

/**
 * Returns the curves of a score over epochs: one on the training split, one on the validation split, and one
 * on the validation split with averaged weights. The last two are omitted if they have no finite values.
 */
export function scoreMarks(
  epochs: readonly EpochRecord[],
  value: (score: Score) => number,
): readonly Mark[] {
  const train = trainingPoints(epochs, value);
  const marks = [line(train, { tone: "blue", label: "train" })];
  if (train.x.length === 1) marks.push(dots(train, { tone: "blue" }));
  const curves = [
    { of: "validation", tone: "orange", label: "validation" },
    { of: "average", tone: "green", label: "averaged weights" },
  ] as const;
  for (const { of, ...style } of curves) {
    const points = validationPoints(epochs, of, value);
    if (!Array.from(points.y).some(Number.isFinite)) continue;
    marks.push(line(points, style));
    if (points.x.length <= MOST_DOTS) marks.push(dots(points, { tone: style.tone }));
  }
  return marks;
}

/**
 * Averages one value for each step over groups of consecutive steps, and returns at most 240 points. The x of
 * a point is the middle of its group in epochs, the y its mean. All groups but the last have the same number
 * of steps. Non-finite values are not averaged; a group without finite values is a gap.
 */
export function averagedStepPoints(
  values: Float32Array<ArrayBuffer>,
  stepsPerEpoch: number,
): Points {
  const size = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  const x: number[] = [];
  const y: number[] = [];
  for (let start = 0; start < values.length; start += size) {
    const end = Math.min(start + size, values.length);
    const finite = Array.from(values.subarray(start, end)).filter(Number.isFinite);
    x.push((start + end - 1) / 2 / stepsPerEpoch);
    y.push(finite.reduce((sum, value) => sum + value, 0) / finite.length); // none: 0 / 0 is a gap
  }
  return { x, y };
}

/** Returns the number of steps per epoch of a run; undefined if the run has no finished epoch. */
export function stepsPerEpoch({ epochs }: RunRecord): number | undefined {
  const last = epochs.at(-1);
  return last === undefined || last.step === 0 ? undefined : last.step / last.epoch;
}
