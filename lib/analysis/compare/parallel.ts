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

/** Options that have an axis, at most: more would be too near to each other. */
const MOST_AXES = 8;

/** Up to so many values of an option each has its own place; of more, numbers have a scale. */
const MOST_PLACES = 12;

/** The options in which runs differ, and what comes of them: a line for each run. */
export function parallel(comparison: Comparison): Panel | undefined {
  const { split, differences } = comparison;
  if (split === undefined || differences.length === 0) return undefined;
  const left = Math.max(0, differences.length - MOST_AXES);
  return {
    title: "Options and accuracy",
    caption:
      `A line for each run. Blue: above the median of accuracy on the ${formatSplit(split)} ` +
      "split, orange: below; the farther, the stronger." +
      (left === 0
        ? ""
        : ` Without ${left} more ${left === 1 ? "option" : "options"}, which the table has.`),
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
      ...lookOf(accuracy, accuracies),
    };
  });
  const rank = (place: number) => accuracies[place] ?? -1;
  const order = [...runs.keys()].sort((a, b) => rank(a) - rank(b));
  return parallelCoordinates({
    width,
    height: 340,
    axes: [...axes.map(({ axis }) => axis), { title: `${split} accuracy (%)` }],
    lines: order.map((place) => lines[place]), // the best on top
  });
}

/** An axis, and the place of each run on it. */
interface OptionAxis {
  readonly axis: AxisOptions;
  readonly places: readonly number[];
}

/** The axis of an option: a place for each of its values, or a scale if these are many numbers. */
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

/** The colour of a run by its accuracy's place among those of all. */
function lookOf(
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
