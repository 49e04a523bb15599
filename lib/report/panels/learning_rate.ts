import { line } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import { averagedStepPoints, epochChart, stepsPerEpoch } from "../curves.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the learning rate of each step. */
export function learningRate(record: RunRecord): Panel | undefined {
  const perEpoch = stepsPerEpoch(record);
  if (perEpoch === undefined) return undefined;
  return {
    title: "Learning rate",
    caption: "Learning rate of each step.",
    span: 1,
    draw: (width) =>
      epochChart(record.epochs.length, {
        width,
        y: { title: "learning rate", zero: true },
        marks: [line(averagedStepPoints(record.steps.learningRate, perEpoch), { tone: "blue" })],
      }),
  };
}
