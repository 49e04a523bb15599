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

/** Validation curve of one run. */
interface Curve {
  /** Index of the run in the comparison. */
  readonly runIndex: number;
  /** Score after each epoch. */
  readonly points: Points;
}

/**
 * Returns the panel with the validation loss of all runs over epochs. Returns undefined if the runs use
 * different loss functions, or none has validation scores.
 */
export function lossCurvesPanel(comparison: Comparison): Panel | undefined {
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

/**
 * Returns the panel with the validation accuracy of all runs over epochs. Returns undefined if no run has
 * validation scores.
 */
export function accuracyCurvesPanel(comparison: Comparison): Panel | undefined {
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
  /** Further sentence of the caption, with a leading space. Defaults to "". */
  readonly more?: string;
  readonly y: AxisOptions;
  /** Returns the position of a score on the y axis. */
  readonly at: (value: number) => number;
}

/** Returns a panel with one curve for each run. The caption lists runs without a curve. */
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

/**
 * Returns the marks of a run's curve: a line, and a dot if the curve is a single point.
 *
 * @param at returns the position of a score on the y axis
 * @param label name of the run at the end of the line
 */
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
 * Returns the validation curve of each run that has validation scores. If a run has averaged weights, the curve
 * shows the scores with these.
 *
 * @param value returns the number that is drawn for a score
 */
function validationCurves({ runs }: Comparison, value: (score: Score) => number): readonly Curve[] {
  return runs.flatMap(({ record: { epochs } }, runIndex) => {
    const of = epochs.some(({ average }) => average !== undefined) ? "average" : "validation";
    const points = validationPoints(epochs, of, value);
    return points.x.length === 0 ? [] : [{ runIndex, points }];
  });
}
