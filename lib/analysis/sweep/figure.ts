/**
 * Draws the figure of a sweep: the accuracy of every run on the split that ranks the settings, with mean and
 * standard deviation of each setting.
 *
 * A numeric option is drawn along the x axis, with a curve for each value of a second option if there is one.
 * A sweep over seeds alone shows its runs in order. All other sweeps have a row for each setting.
 *
 * @module
 */
import { column, document, paragraph, space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { MARGIN } from "../../report/grid.ts";
import { ERROR_RATE_CAPTION } from "../../report/runs/axes.ts";
import { curveChart, repeatChart, rowChart, type SweepChart, WIDTH } from "./charts.ts";
import { REPEATS } from "./model.ts";
import { buildCurves, type SettingPoint, settingPoints } from "./points.ts";
import type { Compared } from "../../run/scored_run.ts";
import type { Sweep } from "./tables.ts";

/** Draws the accuracies of a sweep's runs and returns them as the text of one SVG file. */
export function sweepFigure(
  { title, description, keys, runs, ranking }: Omit<Sweep, "name">,
): string {
  const { split = "validation" } = ranking ?? {};
  const drawn = drawSweepChart(keys, settingPoints(runs, split), split);
  const { figure } = drawn;
  const width = Math.max(WIDTH, figure.width);
  const page = column([
    paragraph(`${title}: accuracy on the ${split} split`, width, { size: 20, bold: true }),
    ...(description === undefined ? [] : [paragraph(description, width, { size: 14 })]),
    paragraph(sweepCaption(keys, drawn), width, { tone: "muted" }),
    space(width, 16),
    figure,
  ]);
  return document(page, {
    title: `Accuracies of the sweep ${title}`,
    description: `${formatCount(runs.length)} runs over ${keys.join(", ")}`,
    margin: MARGIN,
  });
}

/**
 * Draws the chart for the options that vary: runs in order, curves, or rows.
 *
 * @param keys keys of the options that vary
 * @param points accuracies of each setting on `split`
 */
function drawSweepChart(
  keys: readonly string[],
  points: readonly SettingPoint[],
  split: Compared,
): SweepChart {
  const [only] = points;
  if (only !== undefined && keys.every((key) => REPEATS.includes(key))) {
    return repeatChart(only, `run, by ${keys.join(", ")}`, split);
  }
  const curves = buildCurves(keys, points);
  return curves === undefined ? rowChart(points, keys, split) : curveChart(curves, split);
}

/** Returns the caption of a sweep's figure. */
function sweepCaption(keys: readonly string[], { isLogarithmic, hasLines }: SweepChart): string {
  const repeats = keys.filter((key) => REPEATS.includes(key));
  const name = repeats.join(", ");
  const spread = "mean ± standard deviation";
  return [
    repeats.length === 0
      ? "Dots: runs."
      : repeats.length === keys.length
      ? `Dots: runs. Line and band: ${spread}.`
      : `Small dots: runs. Large dots and bars: ${spread} over ${name}.`,
    ...(hasLines ? [`Thin lines: runs with the same ${name}.`] : []),
    ...(isLogarithmic ? [ERROR_RATE_CAPTION] : []),
  ].join(" ");
}
