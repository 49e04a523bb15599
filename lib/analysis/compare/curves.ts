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
import { ERROR_RATE_CAPTION } from "../../report/runs/axes.ts";
import type { Comparison } from "./comparison.ts";
import { accuracyChartAxis } from "./cost.ts";
import { formatMissingRuns, runLabels, runStyle } from "./letters.ts";

/** Validation curve of a run, and the index of the run. */
interface Curve {
  readonly runIndex: number;
  readonly points: Points;
}

/**
 * Draws the validation loss of all runs over epochs. Returns undefined if they use different loss functions.
 */
export function lossCurves(comparison: Comparison): Panel | undefined {
  const curves = validationCurves(comparison, ({ loss }) => loss);
  const configs = curves.map(({ runIndex }) => comparison.runs[runIndex].record.config);
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
  const curves = validationCurves(comparison, ({ accuracy }) => accuracy);
  if (curves.length === 0) return undefined;
  const values = curves.flatMap(({ points }) => Array.from(points.y, (value) => value ?? NaN));
  const { axis, at, isLogarithmic } = accuracyChartAxis(values);
  return curvesPanel(comparison, curves, {
    title: "Validation accuracy",
    more: isLogarithmic ? ` ${ERROR_RATE_CAPTION}` : "",
    y: axis,
    at,
  });
}

/** Title, caption and y axis of a chart of validation curves. */
interface CurvesOptions {
  readonly title: string;
  /** Addition to the caption. Defaults to "". */
  readonly more?: string;
  readonly y: AxisOptions;
  /** Position of a value on the y axis. */
  readonly at: (value: number) => number;
}

function curvesPanel(
  comparison: Comparison,
  curves: readonly Curve[],
  { title, more = "", y, at }: CurvesOptions,
): Panel {
  const epochs = Math.max(...curves.map(({ runIndex }) => comparison.runs[runIndex].epochs));
  const names = runLabels(comparison);
  return {
    title,
    caption: `After each epoch, with the averaged weights of runs that have them.${
      formatMissingRuns(comparison, curves.map(({ runIndex }) => runIndex))
    }${more}`,
    span: 1,
    draw: (width) =>
      epochChart(epochs, {
        width,
        y,
        marks: curves.flatMap(({ runIndex, points }) =>
          curveMarks(runIndex, points, at, names[runIndex])
        ),
      }),
  };
}

/** Returns the marks of a run's curve: a line, and a dot if the curve is a single point. */
function curveMarks(
  runIndex: number,
  { x, y }: Points,
  at: (value: number) => number,
  label: string,
): readonly Mark[] {
  const { tone, dashes, shape } = runStyle(runIndex);
  const points = { x, y: Array.from(y, (value) => at(value ?? NaN)) };
  const drawn = line(points, { tone, dashes, label });
  return x.length > 1 ? [drawn] : [drawn, dots(points, { tone, shape })];
}

/**
 * Returns the validation curve of each run that has validation scores. If a run has averaged weights, its
 * curve is that of their scores.
 */
function validationCurves({ runs }: Comparison, value: (score: Score) => number): readonly Curve[] {
  return runs.flatMap(({ record: { epochs } }, runIndex) => {
    const of = epochs.some(({ average }) => average !== undefined) ? "average" : "validation";
    const points = validationPoints(epochs, of, value);
    return points.x.length === 0 ? [] : [{ runIndex, points }];
  });
}
