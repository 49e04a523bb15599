import { chart, dots, type Mark, type Points, scatter } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { embedding as observer } from "../../observe/embedding.ts";
import type { RunRecord } from "../../run/record.ts";
import { MOST_CLASSES } from "../grid.ts";
import { observed } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit } from "../result.ts";

const HEIGHT = 420;

/**
 * The last hidden layer on its two directions of largest variance (principal components; Pearson, "On
 * lines and planes of closest fit", 1901), the samples in the colours and shapes of their classes.
 */
export function embedding(record: RunRecord): Panel | undefined {
  const view = observed(record, observer);
  if (view === undefined) return undefined;
  const { split, layer, units, labels, points, variances, variance } = view;
  const share = (of: number) => formatPercent(variance > 0 ? of / variance : NaN, 0);
  const [first, second] = variances;
  return {
    title: "What the last hidden layer makes of samples",
    caption: `The ${formatCount(units)} outputs of ${layer} for ${formatCount(labels.length)} ` +
      `${formatSplit(split)} samples, on the two directions along which they vary most: ` +
      `${share(first + second)} of their variance.`,
    span: 2,
    draw: (width) =>
      chart({
        width,
        height: HEIGHT,
        x: { title: `component 1 (${share(first)} of the variance)`, nice: true },
        y: { title: `component 2 (${share(second)})` },
        marks: marksOf({ x: everySecond(points, 0), y: everySecond(points, 1) }, labels, record),
      }),
  };
}

/** Dots in the colours and shapes of their classes; of too many classes to name, all alike. */
function marksOf(
  points: Points,
  labels: ArrayLike<number>,
  { classes: names }: RunRecord,
): readonly Mark[] {
  const look = { radius: 2.4, opacity: 0.7, merged: true };
  if (names.length > MOST_CLASSES) return [dots(points, { ...look, tone: "blue" })];
  return scatter({ ...points, classes: labels }, { ...look, names });
}

function everySecond(values: Float32Array, from: number): Float32Array {
  return values.filter((_, index) => index % 2 === from);
}
