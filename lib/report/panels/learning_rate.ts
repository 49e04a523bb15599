import { chart, line } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import { CHART_HEIGHT, epochAxis, stepPoints, stepsPerEpoch } from "../curves.ts";
import type { Panel } from "../panel.ts";

/** The learning rate of the steps over epochs. */
export function learningRate(record: RunRecord): Panel | undefined {
  const perEpoch = stepsPerEpoch(record);
  if (perEpoch === undefined) return undefined;
  return {
    title: "Learning rate",
    caption: "What each step's update is multiplied by.",
    span: 1,
    draw: (width) =>
      chart({
        width,
        height: CHART_HEIGHT,
        x: epochAxis(record.epochs.length),
        y: { title: "learning rate", zero: true },
        marks: [line(stepPoints(record.steps.learningRate, perEpoch), { tone: "blue" })],
      }),
  };
}
