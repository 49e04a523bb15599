import { chart, dots, type Mark, type Points, scatter } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { embedding as observer } from "../../observe/embedding.ts";
import type { RunRecord } from "../../run/record.ts";
import { MOST_CLASSES } from "../grid.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit } from "../result.ts";

/** Height [px] of the chart. */
const HEIGHT = 420;

/**
 * Returns the panel with the outputs of the last hidden layer, projected on their first two principal
 * components (Pearson, "On lines and planes of closest fit", 1901). Each class has its colour and shape.
 */
export function embedding(record: RunRecord): Panel | undefined {
  const view = observedValue(record, observer);
  if (view === undefined) return undefined;
  const { split, layer, units, labels, points, variances, variance } = view;
  const share = (of: number) => formatPercent(variance > 0 ? of / variance : NaN, 0);
  const [first, second] = variances;
  return {
    title: "Last hidden layer (PCA)",
    caption:
      `Outputs of ${layer} (${formatCount(units)} units) for ${formatCount(labels.length)} ` +
      `${formatSplit(split)} samples, projected on their first two principal components, which ` +
      `explain ${share(first + second)} of the variance.`,
    span: 2,
    draw: (width) =>
      chart({
        width,
        height: HEIGHT,
        x: { title: `component 1 (${share(first)} of variance)`, nice: true },
        y: { title: `component 2 (${share(second)})` },
        marks: classDots({ x: everySecond(points, 0), y: everySecond(points, 1) }, labels, record),
      }),
  };
}

/**
 * Returns a dot at each point, with the colour and shape of its class. All dots are blue if there are many
 * classes.
 */
function classDots(
  points: Points,
  labels: ArrayLike<number>,
  { classes: names }: RunRecord,
): readonly Mark[] {
  const style = { radius: 2.4, opacity: 0.7, merged: true };
  if (names.length > MOST_CLASSES) return [dots(points, { ...style, tone: "blue" })];
  return scatter({ ...points, classes: labels }, { ...style, names });
}

/** Returns every second value, starting with the value at index `from`, 0 or 1. */
function everySecond(values: Float32Array, from: number): Float32Array {
  return values.filter((_, index) => index % 2 === from);
}
