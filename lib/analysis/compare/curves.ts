/**
 * Draws the validation curves of several runs in one chart.
 *
 * @module
 */
import { type AxisOptions, dots, line, type Mark, type Points } from "deno-plot-svg";
import type { Score } from "../../evaluate/evaluation.ts";
import { epochChart, validationPoints } from "../../report/curves.ts";
import type { Panel } from "../../report/panel.ts";
import { lossAxis, lossName } from "../../report/panels/loss.ts";
import { RATIOS_CAPTION } from "../../report/runs/axes.ts";
import type { Comparison } from "./comparison.ts";
import { chartAxis } from "./cost.ts";
import { formatOmitted, shortTitles, styleOf } from "./letters.ts";

/** The curve of a run, and the index of the run. */
interface Curve {
  readonly place: number;
  readonly points: Points;
}

/** Draws the validation loss of all runs over epochs; undefined if runs use different losses. */
export function lossCurves(comparison: Comparison): Panel | undefined {
  const curves = curvesOf(comparison, ({ loss }) => loss);
  const configs = curves.map(({ place }) => comparison.runs[place].record.config);
  if (curves.length === 0 || new Set(configs.map(lossName)).size > 1) return undefined;
  const values = curves.flatMap(({ points }) => Array.from(points.y));
  return curvesPanel(comparison, curves, {
    title: "Validation loss",
    y: lossAxis(configs[0], values),
    at: (loss) => loss,
  });
}

/** Draws the validation accuracy of all runs over epochs. */
export function accuracyCurves(comparison: Comparison): Panel | undefined {
  const curves = curvesOf(comparison, ({ accuracy }) => accuracy);
  if (curves.length === 0) return undefined;
  const values = curves.flatMap(({ points }) => Array.from(points.y, (value) => value ?? NaN));
  const { axis, at, isRatios } = chartAxis(values);
  return curvesPanel(comparison, curves, {
    title: "Validation accuracy",
    more: isRatios ? ` ${RATIOS_CAPTION}` : "",
    y: axis,
    at,
  });
}

/** Content of one of the charts. */
interface CurvesOptions {
  readonly title: string;
  readonly more?: string;
  readonly y: AxisOptions;
  readonly at: (value: number) => number;
}

function curvesPanel(
  comparison: Comparison,
  curves: readonly Curve[],
  { title, more = "", y, at }: CurvesOptions,
): Panel {
  const epochs = Math.max(...curves.map(({ place }) => comparison.runs[place].epochs));
  const names = shortTitles(comparison);
  return {
    title,
    caption: `After each epoch, with the averaged weights of runs that have them.${
      formatOmitted(comparison, curves.map(({ place }) => place))
    }${more}`,
    span: 1,
    draw: (width) =>
      epochChart(epochs, {
        width,
        y,
        marks: curves.flatMap(({ place, points }) => curveMarks(place, points, at, names[place])),
      }),
  };
}

/** Returns the line of a curve, and a dot if the curve is a single point. */
function curveMarks(
  place: number,
  { x, y }: Points,
  at: (value: number) => number,
  label: string,
): readonly Mark[] {
  const { tone, dashes, shape } = styleOf(place);
  const points = { x, y: Array.from(y, (value) => at(value ?? NaN)) };
  const drawn = line(points, { tone, dashes, label });
  return x.length > 1 ? [drawn] : [drawn, dots(points, { tone, shape })];
}

/** Returns the curve of each run with validation scores. */
function curvesOf({ runs }: Comparison, value: (score: Score) => number): readonly Curve[] {
  return runs.flatMap(({ record: { epochs } }, place) => {
    const of = epochs.some(({ average }) => average !== undefined) ? "average" : "validation";
    const points = validationPoints(epochs, of, value);
    return points.x.length === 0 ? [] : [{ place, points }];
  });
}
