/**
 * Accuracy of several runs against something that it costs.
 *
 * @module
 */
import { type AxisOptions, chart, extent, type Figure, intervals, labels } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";
import type { SplitName } from "../../data/parts.ts";
import { CHART_HEIGHT } from "../../report/curves.ts";
import type { Panel } from "../../report/panel.ts";
import { intervalWords, partWords } from "../../report/result.ts";
import { AROUND } from "../sweep/axes.ts";
import { axisOfAccuracies } from "./accuracies.ts";
import { FEW, folderOf, letterOf, lookOf, withoutWords } from "./names.ts";

/** What accuracy is shown against. */
export interface Cost {
  /** The axis, with its unit. */
  readonly title: string;
  /** The cost of each run; NaN where it is not known. */
  readonly values: readonly number[];
  /** The same in words, by the run's place. */
  readonly words: (place: number) => string;
}

/** Accuracy against the number of trained parameters; nothing if many runs have the same number. */
export function parameters(comparison: Comparison): Panel | undefined {
  const { runs, part } = comparison;
  if (part === undefined) return undefined;
  const counts = new Set(runs.map(({ record }) => record.parameters));
  if (counts.size === 1 && runs.length > FEW) return undefined; // intervals over each other
  return {
    title: "Accuracy and parameters",
    caption: `On the ${partWords(part)} part, with 95\u00a0% intervals.${
      runs.length > FEW ? "" : withoutWords(runs.length, evaluatedOn(comparison, part))
    }`,
    span: 1,
    draw: (width) =>
      costChart(comparison, part, {
        title: "parameters",
        values: runs.map(({ record }) => record.parameters),
        words: (place) => `${formatCount(runs[place]?.record.parameters ?? NaN)} parameters`,
      }, width),
  };
}

function evaluatedOn({ runs }: Comparison, part: SplitName): readonly number[] {
  return runs.flatMap(({ results }, place) => results.has(part) ? [place] : []);
}

/** A run that has a place in the chart. */
interface Placed {
  readonly run: ComparedRun;
  readonly place: number;
  readonly cost: number;
  readonly accuracy: number;
  readonly interval: readonly [number, number];
}

/** The accuracy of each run on a part, with its 95 % interval, against a cost. */
export function costChart(
  { runs }: Comparison,
  part: SplitName,
  { title, values, words }: Cost,
  width: number,
): Figure {
  const placed = runs.flatMap((run, place): readonly Placed[] => {
    const { accuracy = null, interval = null } = run.results.get(part)?.summary ?? {};
    if (accuracy === null || interval === null) return [];
    return [{ run, place, cost: values[place] ?? NaN, accuracy, interval }];
  });
  const ends = placed.flatMap(({ interval }) => interval);
  const { axis, at } = axisOfAccuracies(ends, CHART_HEIGHT - AROUND);
  const isFew = runs.length <= FEW;
  const marks = placed.map(({ run, place, cost, accuracy, interval }) => {
    const { tone, shape } = lookOf(isFew ? place : 0);
    const name = isFew ? letterOf(place) : folderOf(run);
    const [low, high] = interval.map(at) as [number, number];
    return intervals({ x: [cost], y: [at(accuracy)], low: [low], high: [high] }, {
      tone,
      shape,
      title: () =>
        `${name}: ${formatPercent(accuracy)} (${intervalWords(interval)}), ${words(place)}`,
    });
  });
  const points = {
    x: placed.map(({ cost }) => cost),
    y: placed.map(({ accuracy }) => at(accuracy)),
  };
  const letters = labels(points, {
    content: (index) => letterOf(placed[index]?.place ?? 0),
    gap: 7,
  });
  return chart({
    width,
    height: CHART_HEIGHT,
    x: costAxis(title, values),
    y: { ...axis, title: `accuracy on the ${partWords(part)} part (%)` },
    marks: isFew ? [...marks, letters] : marks,
  });
}

/** From this ratio of the largest to the smallest cost on, ratios are shown. */
const WIDE = 5;

/** An axis with some room at both ends. */
function costAxis(title: string, values: readonly number[]): AxisOptions {
  const [low, high] = extent(values) ?? [0, 1];
  if (low > 0 && high >= WIDE * low) {
    return { title: `${title} (log scale)`, scale: "log", domain: [low / 1.3, high * 1.3] };
  }
  const room = low === high ? Math.max(1, Math.abs(low)) * 0.5 : (high - low) * 0.1;
  return { title, domain: [Math.max(0, low - room), high + room], count: 4 };
}
