/**
 * What the charts over epochs have in common.
 *
 * A mean over an epoch's mini-batches belongs to the middle of the epoch, a score of the parameters
 * at its end to the end; drawn at one place, validation would look half an epoch better than it is.
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

export const CHART_HEIGHT = 250;

/** Up to so many epochs each has a dot; more would run into a thick line. */
const MOST_DOTS = 40;

/** Points at most in a curve over steps: more than the chart has pixels would not be seen. */
const MOST_POINTS = 240;

export function epochChart(
  epochs: number,
  options: Pick<ChartOptions, "width" | "y" | "marks">,
): Figure {
  const x = { title: "epoch", domain: [0, epochs], count: Math.min(6, epochs) } as const;
  return chart({ height: CHART_HEIGHT, x, ...options });
}

export function hasValidation({ epochs }: RunRecord): boolean {
  return epochs.some(({ validation }) => validation !== undefined);
}

export function validationTimes({ epochs }: RunRecord): string {
  return epochs.some(({ within }) => within !== undefined) ? "now and then" : "after each epoch";
}

/** In how many epochs a figure is not finite, for a caption; nothing if it is in all. */
export function gapsIn({ epochs }: RunRecord, value: (score: Score) => number): string {
  const gaps = epochs.filter(({ train, validation, average }) =>
    [train, validation, average].some((score) =>
      score !== undefined && !Number.isFinite(value(score))
    )
  );
  if (gaps.length === 0) return "";
  return ` Left out: what is no finite number, in ${gaps.length} of ${epochs.length} epochs.`;
}

/** The score of each epoch on the training split, at the middle of the epoch. */
export function trainPoints(
  epochs: readonly EpochRecord[],
  value: (score: Score) => number,
): Points {
  return { x: epochs.map(({ epoch }) => epoch - 0.5), y: epochs.map(({ train }) => value(train)) };
}

/**
 * The scores of the validation split, with the weights or with their averages, where training had come to:
 * at the ends of epochs, and within them.
 */
export function validationPoints(
  epochs: readonly EpochRecord[],
  of: "validation" | "average",
  value: (score: Score) => number,
): Points {
  const last = epochs.at(-1);
  const perEpoch = last === undefined ? 1 : last.step / last.epoch;
  const scored = epochs.flatMap((epoch) => [...epoch.within ?? [], epoch]).flatMap((record) => {
    const score = record[of];
    return score === undefined ? [] : [{ x: record.step / perEpoch, y: value(score) }];
  });
  return { x: scored.map(({ x }) => x), y: scored.map(({ y }) => y) };
}

/**
 * The curve of the training split and, with dots, those of the validation split that there are: with the
 * weights, and with their averages.
 */
export function scoreMarks(
  epochs: readonly EpochRecord[],
  value: (score: Score) => number,
): readonly Mark[] {
  const train = trainPoints(epochs, value);
  const marks = [line(train, { tone: "blue", label: "train" })];
  if (train.x.length === 1) marks.push(dots(train, { tone: "blue" }));
  const curves = [
    { of: "validation", tone: "orange", label: "validation" },
    { of: "average", tone: "green", label: "averaged weights" },
  ] as const;
  for (const { of, ...look } of curves) {
    const points = validationPoints(epochs, of, value);
    if (!Array.from(points.y).some(Number.isFinite)) continue;
    marks.push(line(points, look));
    if (points.x.length <= MOST_DOTS) marks.push(dots(points, { tone: look.tone }));
  }
  return marks;
}

/**
 * A curve over steps, in epochs: means of equally many steps each, at most 240 of them.
 *
 * Step i scored the parameters after i updates, so a mean over steps stands at their mean i. Values
 * that are not finite are left out of the means.
 */
export function stepPoints(values: Float32Array<ArrayBuffer>, stepsPerEpoch: number): Points {
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

/** Steps an epoch; undefined before the first epoch is finished. */
export function stepsPerEpoch({ epochs }: RunRecord): number | undefined {
  const last = epochs.at(-1);
  return last === undefined || last.step === 0 ? undefined : last.step / last.epoch;
}
