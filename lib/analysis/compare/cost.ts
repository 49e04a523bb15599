/**
 * Draws the accuracy of runs against a cost, the number of parameters or the time.
 *
 * @module
 */
import { type AxisOptions, chart, extent, type Figure, intervals, labels } from "deno-plot-svg";
import type { SplitName } from "../../data/split/samples.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { CHART_HEIGHT } from "../../report/curves.ts";
import type { Panel } from "../../report/panel.ts";
import { formatOptionalInterval, formatSplit } from "../../report/result.ts";
import { type AccuracyAxis, accuracyAxis, accuracyTitle, AROUND } from "../../report/runs/axes.ts";
import type { Comparison } from "./comparison.ts";
import { FEW, formatMissingRuns, runLetter, runName, runStyle } from "./letters.ts";

/** A cost of each run, such as its time or number of parameters, against which accuracy is drawn. */
export interface Cost {
  /** Split on which accuracy is measured. */
  readonly split: SplitName;
  /** Title of the x axis, with the unit. */
  readonly title: string;
  /** Cost of each run, in the order of the comparison; NaN if unknown. */
  readonly values: readonly number[];
  /** Cost of each run as text with its unit, for tooltips. */
  readonly words: readonly string[];
}

/**
 * Returns the panel with accuracy against the number of parameters. Returns undefined if no split can be
 * compared, or if more than {@linkcode FEW} runs all have the same number of parameters.
 */
export function parametersPanel(comparison: Comparison): Panel | undefined {
  const { runs, split, summaries } = comparison;
  if (split === undefined) return undefined;
  const values = runs.map(({ record }) => record.parameters);
  const isMany = runs.length > FEW;
  if (new Set(values).size === 1 && isMany) return undefined; // intervals would cover each other
  const evaluated = [...runs.keys()].filter((runIndex) => summaries[runIndex] !== undefined);
  return {
    title: "Accuracy by parameters",
    caption: `Accuracy on the ${formatSplit(split)} split with its 95\u00a0%\u00a0interval.${
      isMany ? "" : formatMissingRuns(comparison, evaluated)
    }`,
    span: 1,
    draw: (width) =>
      costChart(comparison, {
        split,
        title: "parameters",
        values,
        words: values.map((count) => `${formatCount(count)} parameters`),
      }, width),
  };
}

/**
 * Draws the accuracy of each run on the comparison's split, with its 95 % interval, against a cost. Runs
 * without an accuracy are omitted.
 *
 * @param width width of the chart [px]
 */
export function costChart(
  comparison: Comparison,
  { split, title, values, words }: Cost,
  width: number,
): Figure {
  const { runs, summaries } = comparison;
  const placed = summaries.flatMap((summary, runIndex) => {
    const { accuracy = null, interval = null } = summary ?? {};
    return accuracy === null || interval === null ? [] : [{ runIndex, accuracy, interval }];
  });
  const { axis, at } = accuracyChartAxis(placed.flatMap(({ interval }) => interval));
  const isFew = runs.length <= FEW;
  const marks = placed.map(({ runIndex, accuracy, interval }) => {
    const { tone, shape } = runStyle(isFew ? runIndex : 0);
    const [low, high] = interval.map(at);
    return intervals({ x: [values[runIndex]], y: [at(accuracy)], low: [low], high: [high] }, {
      tone,
      shape,
      title: () =>
        `${runName(comparison, runIndex)}: ${formatPercent(accuracy)} (${
          formatOptionalInterval(interval)
        }), ` +
        words[runIndex],
    });
  });
  const points = {
    x: placed.map(({ runIndex }) => values[runIndex]),
    y: placed.map(({ accuracy }) => at(accuracy)),
  };
  const letters = labels(points, { content: (index) => runLetter(placed[index].runIndex), gap: 7 });
  return chart({
    width,
    height: CHART_HEIGHT,
    x: costAxis(title, values),
    y: { ...axis, title: accuracyTitle(split) },
    marks: isFew ? [...marks, letters] : marks,
  });
}

/** Distance from the accuracy to both ends of the axis if all runs have the same accuracy [fraction of samples]. */
const ASIDE = 0.01;

/**
 * Returns the y axis for accuracies in a chart of a comparison.
 *
 * @param accuracies accuracies, 0 to 1, that the axis must include
 */
export function accuracyChartAxis(accuracies: readonly number[]): AccuracyAxis {
  const [low, high] = extent(accuracies) ?? [0, 1];
  const ends = low === high ? [low - ASIDE, low + ASIDE] : [];
  return accuracyAxis(accuracies, CHART_HEIGHT - AROUND, ends);
}

/** Ratio of the largest to the smallest cost from which the x axis is logarithmic. */
const WIDE = 5;

/**
 * Returns the x axis for a cost, with room below the smallest and above the largest value.
 *
 * @param values cost of each run
 */
function costAxis(title: string, values: readonly number[]): AxisOptions {
  const [low, high] = extent(values) ?? [0, 1];
  if (low > 0 && high >= WIDE * low) {
    return { title: `${title} (log scale)`, scale: "log", domain: [low / 1.3, high * 1.3] };
  }
  const room = low === high ? Math.max(1, Math.abs(low)) * 0.5 : (high - low) * 0.1;
  return { title, domain: [Math.max(0, low - room), high + room], count: 4 };
}
