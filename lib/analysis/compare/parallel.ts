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
import { shownValue } from "./letters.ts";

/** Largest number of axes; more would be too close to each other. */
const MOST_AXES = 8;

/** Largest number of values that have ticks of their own; more numbers are drawn on a scale. */
const MOST_PLACES = 12;

/** Draws the differing options and the accuracy of each run as a line in parallel coordinates. */
export function parallel(comparison: Comparison): Panel | undefined {
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
    draw: (width) => draw(comparison, width),
  };
}

function draw({ runs, split, differences, summaries }: Comparison, width: number): Figure {
  const accuracies = summaries.map((summary) => summary?.accuracy ?? null);
  const names = shortNames(differences.map(({ key }) => key));
  const axes = differences.slice(0, MOST_AXES)
    .map(({ values }, index) => optionAxis(names[index], values));
  const lines = runs.map(({ run }, place): ParallelLine => {
    const accuracy = accuracies[place];
    return {
      name: run,
      values: [
        ...axes.map(({ places }) => places[place]),
        accuracy === null ? null : accuracy * 100,
      ],
      ...styleOf(accuracy, accuracies),
    };
  });
  const rank = (place: number) => accuracies[place] ?? -1;
  const order = [...runs.keys()].sort((a, b) => rank(a) - rank(b));
  return parallelCoordinates({
    width,
    height: 340,
    axes: [...axes.map(({ axis }) => axis), { title: `${split} accuracy (%)` }],
    lines: order.map((place) => lines[place]), // the best run is drawn last, on top
  });
}

/** An axis, and the position of each run on it. */
interface OptionAxis {
  readonly axis: AxisOptions;
  readonly places: readonly number[];
}

/** Returns the axis of an option: a tick for each value, or a scale for many numbers. */
function optionAxis(title: string, values: readonly unknown[]): OptionAxis {
  const numbers = values.filter((value) => typeof value === "number");
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  if (distinct.length > MOST_PLACES && numbers.length === values.length) {
    const [low, high] = extent(numbers) ?? [0, 0];
    const isWide = low > 0 && high >= 10 * low;
    return {
      axis: isWide ? { title: `${title} (log)`, scale: "log" } : { title },
      places: numbers,
    };
  }
  const texts = [...new Set([...distinct, ...values].map(shownValue))];
  const step = Math.ceil(texts.length / (2 * MOST_PLACES)); // names that have room
  return {
    axis: {
      title,
      domain: texts.length === 1 ? [-1, 1] : [0, texts.length - 1],
      ticks: texts.flatMap((label, value) => value % step === 0 ? [{ value, label }] : []),
    },
    places: values.map((value) => texts.indexOf(shownValue(value))),
  };
}

/** Returns the colour of a run from the rank of its accuracy. */
function styleOf(
  accuracy: number | null,
  all: readonly (number | null)[],
): Pick<ParallelLine, "tone" | "opacity"> {
  if (accuracy === null) return { tone: "muted", opacity: 0.3 };
  const known = all.filter((each) => each !== null);
  const below = known.filter((other) => other < accuracy).length;
  const above = known.filter((other) => other > accuracy).length;
  const rank = known.length < 2 ? 0 : (below - above) / (known.length - 1); // −1 worst, 1 best
  return { tone: rank < 0 ? "orange" : "blue", opacity: 0.15 + 0.75 * Math.abs(rank) };
}
