import type { LegendEntry } from "../legend.ts";
import { roundCoordinate } from "../numbers.ts";
import type { Scale } from "../axes/scale.ts";
import { element } from "../svg.ts";
import { strokeClass, type Tone } from "../theme.ts";
import type { Mark } from "./mark.ts";

/**
 * Position of a reference line: vertical at a value of x, horizontal at a value of y, or the diagonal y = x.
 */
export type RulePlace = { readonly x: number } | { readonly y: number } | "diagonal";

/** Style of a reference line. */
export interface RuleOptions {
  /** Colour. Defaults to muted. */
  readonly tone?: Tone;
  /** Lengths of dashes and gaps in pixels, or "none". Defaults to "4 3". */
  readonly dashes?: string;
  /**
   * Name of the line. It is placed at the right end of a horizontal line, above a vertical line, and in the
   * legend for the diagonal. Defaults to none.
   */
  readonly label?: string;
}

/** Positions [px] of the two ends of a line. */
interface Ends {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * Returns a mark with a thin reference line across the plot, for example at a threshold or along the diagonal
 * y = x. There is no line at a value that is not finite or beyond the axis.
 */
export function rule(place: RulePlace, options: RuleOptions = {}): Mark {
  const { tone = "muted", dashes = "4 3", label } = options;
  return {
    xs: place !== "diagonal" && "x" in place ? [place.x] : [],
    ys: place !== "diagonal" && "y" in place ? [place.y] : [],
    ...ruleName(place, label, { tone, dashes }),
    draw(horizontal, vertical) {
      const ends = ruleEnds(place, horizontal, vertical);
      if (!Object.values(ends).every(Number.isFinite)) return "";
      return element("path", {
        class: strokeClass(tone),
        d: `M${ends.x1},${ends.y1}L${ends.x2},${ends.y2}`,
        "stroke-width": 1,
        "stroke-dasharray": dashes,
      });
    },
  };
}

/** Returns the ends of a reference line [px]; NaN if it is beyond the axes. */
function ruleEnds(place: RulePlace, horizontal: Scale, vertical: Scale): Ends {
  const [left, right] = horizontal.range;
  const [bottom, top] = vertical.range;
  const at = (x1: number, y1: number, x2: number, y2: number) => ({
    x1: roundCoordinate(x1),
    y1: roundCoordinate(y1),
    x2: roundCoordinate(x2),
    y2: roundCoordinate(y2),
  });
  if (place === "diagonal") {
    const low = Math.max(horizontal.domain[0], vertical.domain[0]);
    const high = Math.min(horizontal.domain[1], vertical.domain[1]);
    if (low >= high) return at(NaN, NaN, NaN, NaN);
    return at(horizontal.at(low), vertical.at(low), horizontal.at(high), vertical.at(high));
  }
  if ("x" in place) {
    const x = positionInside(place.x, horizontal);
    return at(x, bottom, x, top);
  }
  const y = positionInside(place.y, vertical);
  return at(left, y, right, y);
}

/** Returns the position [px] of a value on a scale; NaN if the value is beyond the ends of the scale. */
function positionInside(value: number, { domain: [low, high], at }: Scale): number {
  return value >= low && value <= high ? at(value) : NaN;
}

/**
 * Returns an object with the property of a mark that shows a reference line's name: at the end of the line
 * or, for the diagonal, in the legend. The object is empty if the line has no name.
 */
function ruleName(
  place: RulePlace,
  name: string | undefined,
  style: Omit<LegendEntry, "name">,
): Pick<Mark, "label" | "above" | "entry"> {
  if (name === undefined) return {};
  const entry = { name, ...style };
  if (place === "diagonal") return { entry };
  return "x" in place
    ? { above: { entry, at: place.x, within: true } }
    : { label: { entry, at: place.y, within: true } };
}
