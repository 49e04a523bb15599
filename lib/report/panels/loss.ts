import { type AxisOptions, extent, line } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import {
  averagedStepPoints,
  epochChart,
  formatValidationTimes,
  hasValidation,
  nonFiniteSentence,
  scoreMarks,
  stepsPerEpoch,
  trainingPoints,
} from "../curves.ts";
import { asObject, nonEmptyText, stageOptions } from "../config.ts";
import type { Panel } from "../panel.ts";

/**
 * Ratio of the largest to the smallest loss from which the axis is logarithmic. On a linear axis, such losses
 * would be indistinguishable at the end of training.
 */
const WIDE_RANGE = 15;

/** Returns the panel with the loss on the training and the validation split over epochs. */
export function loss(record: RunRecord): Panel | undefined {
  const { epochs, steps } = record;
  const perEpoch = stepsPerEpoch(record);
  if (perEpoch === undefined) return undefined;
  const train = trainingPoints(epochs, (score) => score.loss);
  const behind = averagedStepPoints(steps.loss, perEpoch);
  const axis = lossAxis(record.config, [...Array.from(behind.y), ...Array.from(train.y)]);
  return {
    title: "Loss",
    caption:
      "Mean loss per sample. Thin line: in mini-batches. Thick lines: over the steps of each " +
      (hasValidation(record)
        ? `epoch, and on the validation split ${formatValidationTimes(record)}.`
        : "epoch.") +
      nonFiniteSentence(record, (score) => score.loss),
    span: 1,
    draw: (width) =>
      epochChart(epochs.length, {
        width,
        y: axis,
        marks: [
          line(behind, { tone: "blue", thickness: 1, opacity: 0.4 }),
          ...scoreMarks(epochs, (score) => score.loss),
        ],
      }),
  };
}

/**
 * Returns an axis for losses: linear from zero, or logarithmic if the largest loss is at least 15 times the
 * smallest.
 *
 * @param config resolved config, whose loss determines the unit
 */
export function lossAxis(config: unknown, values: readonly (number | null)[]): AxisOptions {
  const [low, high] = extent(values) ?? [0, 0];
  const log = low > 0 && high / low >= WIDE_RANGE;
  const title = lossAxisTitle(config, log);
  return log ? { title, scale: "log" } : { title, zero: true };
}

/** Returns the name of the loss in a config; undefined if it has none. */
export function lossName(config: unknown): string | undefined {
  return nonEmptyText(asObject(stageOptions(config, "train").loss).name);
}

/**
 * Returns the title of an axis of losses. It states the unit of cross-entropy, nats, and whether the scale is
 * a log scale.
 */
function lossAxisTitle(config: unknown, isLog: boolean): string {
  const name = lossName(config) ?? "";
  const notes = [...name.endsWith("CrossEntropy") ? ["nats"] : [], ...isLog ? ["log scale"] : []];
  return notes.length === 0 ? "loss" : `loss (${notes.join(", ")})`;
}
