import {
  type AxisOptions,
  extent,
  type Figure,
  parallelCoordinates,
  type ParallelLine,
} from "deno-plot-svg";
import type { Panel } from "../../report/panel.ts";
import { formatSplit } from "../../report/result.ts";
import { shortNames } from "../../report/runs/names.ts";
import type { Comparison } from "./comparison.ts";
import { formatOptionValue } from "./letters.ts";

/** Largest number of options that have an axis; more axes would be too close to each other. */
const MOST_AXES = 8;

/**
 * Largest number of different numeric values of an option whose axis has a tick at each value. An option with
 * more has a continuous axis.
 */
const MOST_PLACES = 12;

/**
 * Returns the panel that draws each run as a line in parallel coordinates, with an axis for each option that
 * differs between the runs and one for accuracy. Returns undefined if no option differs, or no run was
 * evaluated on a compared split.
 */
export function parallelPanel(comparison: Comparison): Panel | undefined {
  const { split, differences } = comparison;
  if (split === undefined || differences.length === 0) return undefined;
  const left = Math.max(0, differences.length - MOST_AXES);
  return {
    title: "Options and accuracy",
    caption:
      `One line for each run. Blue: ${
        formatSplit(split)
      } accuracy above the median of the runs; orange: ` +
      "below; the stronger the colour, the farther from the median." +
      (left === 0
        ? ""
        : ` ${left} more differing ${left === 1 ? "option is" : "options are"} only in the table.`),
    span: 3,
    draw: (width) => drawLines(comparison, width),
  };
}

/** Draws the axes, and the line of each run, the most accurate last and on top. */
function drawLines({ runs, split, differences, summaries }: Comparison, width: number): Figure {
  const accuracies = summaries.map((summary) => summary?.accuracy ?? null);
  const names = shortNames(differences.map(({ key }) => key));
  const axes = differences.slice(0, MOST_AXES)
    .map(({ values }, index) => optionAxis(names[index], values));
  const lines = runs.map(({ run }, runIndex): ParallelLine => {
    const accuracy = accuracies[runIndex];
    return {
      name: run,
      values: [
        ...axes.map(({ positions }) => positions[runIndex]),
        accuracy === null ? null : accuracy * 100,
      ],
      ...lineStyle(accuracy, accuracies),
    };
  });
  const rank = (runIndex: number) => accuracies[runIndex] ?? -1;
  const order = [...runs.keys()].sort((a, b) => rank(a) - rank(b));
  return parallelCoordinates({
    width,
    height: 340,
    axes: [...axes.map(({ axis }) => axis), { title: `${split} accuracy (%)` }],
    lines: order.map((runIndex) => lines[runIndex]), // the best run is drawn last, on top
  });
}

/** The axis of an option, and the position of the value of each run on it. */
interface OptionAxis {
  readonly axis: AxisOptions;
  readonly positions: readonly number[];
}

/**
 * Returns the axis of an option: a tick for each value, or a continuous scale for many numbers.
 *
 * @param values value of the option in each run
 */
function optionAxis(title: string, values: readonly unknown[]): OptionAxis {
  const numbers = values.filter((value) => typeof value === "number");
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  if (distinct.length > MOST_PLACES && numbers.length === values.length) {
    const [low, high] = extent(numbers) ?? [0, 0];
    const isWide = low > 0 && high >= 10 * low;
    return {
      axis: isWide ? { title: `${title} (log)`, scale: "log" } : { title },
      positions: numbers,
    };
  }
  const texts = [...new Set([...distinct, ...values].map(formatOptionValue))];
  const step = Math.ceil(texts.length / (2 * MOST_PLACES)); // names that have room
  return {
    axis: {
      title,
      domain: texts.length === 1 ? [-1, 1] : [0, texts.length - 1],
      ticks: texts.flatMap((label, value) => value % step === 0 ? [{ value, label }] : []),
    },
    positions: values.map((value) => texts.indexOf(formatOptionValue(value))),
  };
}

/**
 * Returns the colour and opacity of a run's line, by the rank of its accuracy among all runs. Lines are blue
 * above the median and orange below it, and more opaque the farther their rank is from the median. A run
 * without accuracy is grey.
 *
 * @param accuracies accuracy of each run; null without one
 */
function lineStyle(
  accuracy: number | null,
  accuracies: readonly (number | null)[],
): Pick<ParallelLine, "tone" | "opacity"> {
  if (accuracy === null) return { tone: "muted", opacity: 0.3 };
  const known = accuracies.filter((each) => each !== null);
  const below = known.filter((other) => other < accuracy).length;
  const above = known.filter((other) => other > accuracy).length;
  const rank = known.length < 2 ? 0 : (below - above) / (known.length - 1); // −1 worst, 1 best
  return { tone: rank < 0 ? "orange" : "blue", opacity: 0.15 + 0.75 * Math.abs(rank) };
}
