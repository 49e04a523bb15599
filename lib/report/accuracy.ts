import { chart } from "deno-plot-svg";
import type { RunRecord, Score } from "../run/record.ts";
import { CHART_HEIGHT, epochAxis, hasValidation, scoreMarks } from "./curves.ts";
import type { Panel } from "./panel.ts";

/** Accuracy on the training and the validation part over epochs. */
export function accuracy(record: RunRecord): Panel | undefined {
  const { epochs } = record;
  if (epochs.length === 0) return undefined;
  const percent = (score: Score) => score.accuracy * 100;
  return {
    title: "Accuracy",
    caption: "Share of samples right: during each epoch's training" +
      (hasValidation(record) ? ", and of the validation part after each epoch (dots)." : "."),
    span: 1,
    draw: (width) =>
      chart({
        width,
        height: CHART_HEIGHT,
        x: epochAxis(record),
        y: { title: "accuracy (%)" },
        marks: scoreMarks(epochs, percent),
      }),
  };
}
