import {
  type AxisOptions,
  extent,
  type Figure,
  parallelCoordinates,
  type ParallelLine,
} from "deno-plot-svg";
import type { Comparison } from "./comparison.ts";
import type { Panel } from "../../report/panel.ts";
import { partWords } from "../../report/result.ts";
import { shortNames } from "../sweep/names.ts";
import { folderOf, shownValue } from "./names.ts";

type Difference = Comparison["differences"][number];

/** Options that have an axis, at most: more would be too near to each other. */
const MOST_AXES = 8;

/** Up to so many values of an option each has its own place; of more, numbers have a scale. */
const MOST_PLACES = 12;

/** The options in which runs differ, and what comes of them: a line for each run. */
export function parallel(comparison: Comparison): Panel | undefined {
  const { runs, part, differences } = comparison;
  if (part === undefined || differences.length === 0) return undefined;
  const shown = differences.slice(0, MOST_AXES);
  const accuracies = runs.map(({ results }) => results.get(part)?.summary.accuracy ?? null);
  const left = differences.length - shown.length;
  return {
    title: "Options and accuracy",
    caption: `A line for each run. Blue: above the median of accuracy on the ${partWords(part)} ` +
      "part, orange: below; the farther, the stronger." +
      (left === 0
        ? ""
        : ` Without ${left} more ${left === 1 ? "option" : "options"}, which the table has.`),
    span: 3,
    draw: (width) => draw(comparison, { shown, accuracies, width }),
  };
}

function draw(
  { runs, part, differences }: Comparison,
  { shown, accuracies, width }: {
    readonly shown: readonly Difference[];
    readonly accuracies: readonly (number | null)[];
    readonly width: number;
  },
): Figure {
  const names = shortNames(differences.map(({ key }) => key));
  const axes = shown.map(({ values }, index) => optionAxis(names[index], values));
  const looks = looksOf(accuracies);
  const lines = runs.map((run, place): ParallelLine => ({
    name: folderOf(run),
    values: [...axes.map(({ places }) => places[place]), percent(accuracies[place] ?? null)],
    ...looks[place],
  }));
  const rank = (place: number) => accuracies[place] ?? -1;
  const order = runs.map((_, place) => place).sort((a, b) => rank(a) - rank(b));
  return parallelCoordinates({
    width,
    height: 340,
    axes: [...axes.map(({ axis }) => axis), { title: `${part} accuracy (%)` }],
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
  const texts = [...new Set([...distinct.map(shownValue), ...values.map(shownValue)])];
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

function percent(accuracy: number | null): number | null {
  return accuracy === null ? null : accuracy * 100;
}

/** The colour of each run by its accuracy's place among those of all. */
function looksOf(
  accuracies: readonly (number | null)[],
): readonly Pick<ParallelLine, "tone" | "opacity">[] {
  const known = accuracies.filter((each) => each !== null).sort((a, b) => a - b);
  return accuracies.map((accuracy) => {
    if (accuracy === null) return { tone: "muted", opacity: 0.3 };
    const below = known.filter((other) => other < accuracy).length;
    const above = known.filter((other) => other > accuracy).length;
    const rank = known.length < 2 ? 0 : (below - above) / (known.length - 1); // −1 worst, 1 best
    return { tone: rank < 0 ? "orange" : "blue", opacity: 0.15 + 0.75 * Math.abs(rank) };
  });
}
