import { band, intervals, type Mark } from "deno-plot-svg";
import { wilsonInterval } from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import type { Score } from "../../evaluate/evaluation.ts";
import {
  epochChart,
  formatValidationTimes,
  hasValidation,
  nonFiniteSentence,
  scoreMarks,
  validationPoints,
} from "../curves.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the accuracy on the training and the validation split over epochs. */
export function accuracy(record: RunRecord): Panel | undefined {
  const { epochs } = record;
  if (epochs.length === 0) return undefined;
  const bars = validationIntervals(record);
  return {
    title: "Accuracy",
    caption: "Training accuracy: mean over the steps of each epoch." +
      (hasValidation(record)
        ? ` Validation accuracy: ${formatValidationTimes(record)}` +
          (bars.length === 0 ? "." : ", with its 95\u00a0%\u00a0interval.")
        : "") +
      nonFiniteSentence(record, accuracyPercent),
    span: 1,
    draw: (width) =>
      epochChart(epochs.length, {
        width,
        y: { title: "accuracy (%)" },
        marks: [...bars, ...scoreMarks(epochs, accuracyPercent)],
      }),
  };
}

/** Returns the accuracy of a score in percent. */
function accuracyPercent({ accuracy }: Score): number {
  return accuracy * 100;
}

/**
 * Returns the 95 % intervals of the validation accuracies: a band around each curve, or an error bar for a
 * single score. There are none if the number of validation samples is unknown.
 */
function validationIntervals({ epochs, evaluations }: RunRecord): readonly Mark[] {
  const samples = evaluations.find(({ split }) => split === "validation")?.labels.length ?? 0;
  const endOf = (end: 0 | 1) => ({ accuracy }: Score) => {
    const right = Math.round(accuracy * samples);
    return Number.isFinite(right) ? (wilsonInterval(right, samples)?.[end] ?? NaN) * 100 : NaN;
  };
  const curves = [{ of: "validation", tone: "orange" }, { of: "average", tone: "green" }] as const;
  return curves.flatMap(({ of, tone }) => {
    const { x, y: low } = validationPoints(epochs, of, endOf(0));
    const { y: high } = validationPoints(epochs, of, endOf(1));
    if (samples === 0 || x.length === 0) return [];
    const { y } = validationPoints(epochs, of, accuracyPercent);
    return [
      x.length > 1 ? band({ x, low, high }, { tone }) : intervals({ x, y, low, high }, { tone }),
    ];
  });
}
