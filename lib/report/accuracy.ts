import { band, chart, type Mark } from "deno-plot-svg";
import { wilsonInterval } from "../evaluate/mod.ts";
import type { RunRecord, Score } from "../run/record.ts";
import {
  CHART_HEIGHT,
  epochAxis,
  hasValidation,
  scoreMarks,
  trainPoints,
  validationPoints,
} from "./curves.ts";
import type { Panel } from "./panel.ts";

/** Accuracy on the training and the validation part over epochs. */
export function accuracy(record: RunRecord): Panel | undefined {
  const { epochs } = record;
  if (epochs.length === 0) return undefined;
  const percent = (score: Score) => score.accuracy * 100;
  const interval = validationBand(record);
  return {
    title: "Accuracy",
    caption: "Share of samples right: during each epoch's training" +
      (hasValidation(record) ? ", and of the validation part after each epoch (dots)" : "") +
      (interval.length === 0 ? "." : ", with its 95\u00a0% interval (band)."),
    span: 1,
    draw: (width) =>
      chart({
        width,
        height: CHART_HEIGHT,
        x: epochAxis(record),
        y: { title: "accuracy (%)" },
        marks: [
          ...interval,
          ...scoreMarks(trainPoints(epochs, percent), validationPoints(epochs, percent)),
        ],
      }),
  };
}

/** The interval of the validation accuracy, where it is known of how many samples it is a share. */
function validationBand({ epochs, evaluations }: RunRecord): readonly Mark[] {
  const samples = evaluations.find(({ part }) => part === "validation")?.labels.length ?? 0;
  const scored = epochs.filter(({ validation }) => Number.isFinite(validation?.accuracy));
  if (samples === 0 || scored.length < 2) return [];
  const ends = scored.map(({ validation }) =>
    wilsonInterval(Math.round((validation?.accuracy ?? NaN) * samples), samples) ?? [NaN, NaN]
  );
  const edges = {
    x: scored.map(({ epoch }) => epoch),
    low: ends.map(([low]) => low * 100),
    high: ends.map(([, high]) => high * 100),
  };
  return [band(edges, { tone: "orange" })];
}
