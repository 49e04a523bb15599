import { formatCoordinate } from "../numbers.ts";
import { formatNumber } from "../../format/numbers.ts";
import { drawShape, type Shape } from "../shape.ts";
import { element } from "../svg.ts";
import { strokeClass, type Tone } from "../theme.ts";
import {
  assertPaired,
  legendEntryOption,
  type Mark,
  pairedNumbers,
  type Points,
  pointTitle,
  toNumbers,
  type Values,
} from "./mark.ts";

/** Points, for example means, with the ends of their intervals. All lists have the same length. */
export interface IntervalPoints extends Points {
  /** Lower end of each interval, on the vertical axis. */
  readonly low: Values;
  /** Upper end of each interval, on the vertical axis. */
  readonly high: Values;
}

/** Style of intervals. */
export interface IntervalsOptions {
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Shape of the dot at y. Defaults to circle. */
  readonly shape?: Shape;
  /** Length of the strokes at the ends in pixels. Defaults to 6. */
  readonly cap?: number;
  /** Name in the legend. */
  readonly legend?: string;
  /**
   * Function that returns the hover title of an interval by its index. Defaults to the interval's numbers.
   */
  readonly title?: (index: number) => string;
}

/**
 * Returns a mark with vertical error bars: a line from low to high with a cap at each end, and a dot at y. An
 * interval with an end that is not finite, or not on the scale, has only its dot.
 *
 * @throws {TypeError} if x, y, low and high differ in length
 */
export function intervals(points: IntervalPoints, options: IntervalsOptions = {}): Mark {
  const { tone = "ink", shape = "circle", cap = 6, legend, title } = options;
  const { x, y } = pairedNumbers("intervals", points);
  assertPaired("intervals", points.x, points.low);
  assertPaired("intervals", points.x, points.high);
  const [low, high] = [toNumbers(points.low), toNumbers(points.high)];
  return {
    xs: x,
    ys: [...y, ...low, ...high],
    ...legendEntryOption(legend, { tone, shape }),
    draw(horizontal, vertical) {
      return x.map((value, i) => {
        const [middle, lower, upper] = [y[i], low[i], high[i]];
        const left = horizontal.at(value);
        const [top, bottom] = [vertical.at(upper), vertical.at(lower)];
        const bar = [left, top, bottom].every(Number.isFinite)
          ? drawErrorBar({ left, top, bottom, cap }, tone)
          : "";
        const place = { x: left, y: vertical.at(middle), radius: 3, tone };
        const dot = Number.isFinite(place.x) && Number.isFinite(place.y)
          ? drawShape(shape, place)
          : "";
        if (bar === "" && dot === "") return "";
        const hover = pointTitle(title ?? intervalFormatter(x, y, low, high), i);
        return element("g", {}, hover, bar, dot);
      }).join("");
    },
  };
}

/** Returns a function that formats a point with its interval by the index: "3: 97.1 (96.8 to 97.4)". */
function intervalFormatter(
  ...[x, y, low, high]: readonly (readonly number[])[]
): (index: number) => string {
  const shown = (values: readonly number[] | undefined, i: number) =>
    formatNumber(values?.[i] ?? NaN, 6);
  return (i) => `${shown(x, i)}: ${shown(y, i)} (${shown(low, i)} to ${shown(high, i)})`;
}

/** Position of an error bar, and the length of its caps [px]. */
interface ErrorBar {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly cap: number;
}

/** Draws an error bar with caps. */
function drawErrorBar({ left, top, bottom, cap }: ErrorBar, tone: Tone): string {
  const [x, from, to] = [left, left - cap / 2, left + cap / 2].map(formatCoordinate);
  const [y1, y2] = [formatCoordinate(top), formatCoordinate(bottom)];
  const d = `M${from},${y1}H${to}M${x},${y1}V${y2}M${from},${y2}H${to}`;
  return element("path", { class: strokeClass(tone), d, "stroke-width": 1.25 });
}
