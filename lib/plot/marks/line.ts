// @ts-types="npm:@types/d3-shape@3.1.7"
import { line as d3Line } from "d3-shape";
import { roundCoordinate } from "../numbers.ts";
import { element, hoverTitle } from "../svg.ts";
import { fillClass, strokeClass, type Tone } from "../theme.ts";
import {
  labelAtLastPoint,
  legendEntryOption,
  type Mark,
  pairedNumbers,
  type Points,
} from "./mark.ts";

/** Style of a line. */
export interface LineOptions {
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Thickness in pixels. Defaults to 1.75. */
  readonly thickness?: number;
  /** Opacity, 0 to 1. Defaults to 1. */
  readonly opacity?: number;
  /** Lengths of dashes and gaps in pixels, for example "4 3". Defaults to "none", a solid line. */
  readonly dashes?: string;
  /** Name at the right end of the line. */
  readonly label?: string;
  /** Name in the legend. */
  readonly legend?: string;
  /** Function that returns the hover title at a point by its index. Defaults to none. */
  readonly title?: (index: number) => string;
}

/** Distance [px] from a point of a line within which a pointer shows the point's hover title. */
const REACH = 6;

/**
 * Returns a mark with a line through points in their order. A value that is not finite, or not on the scale,
 * leaves a gap. A single point between two gaps is drawn as a dot.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function line(points: Points, options: LineOptions = {}): Mark {
  const { tone = "ink", thickness = 1.75, opacity, dashes, label, legend, title } = options;
  const { x, y } = pairedNumbers("line", points);
  const look = { tone, dashes: dashes ?? "none" };
  return {
    xs: x,
    ys: y,
    ...labelAtLastPoint(label, points, look),
    ...legendEntryOption(legend, look),
    draw(horizontal, vertical) {
      const places = x.map((value, i) =>
        [roundCoordinate(horizontal.at(value)), roundCoordinate(vertical.at(y[i]))] as [
          number,
          number,
        ]
      );
      const path = d3Line().defined(isFinitePosition)(places);
      if (path === null) return "";
      const drawn = element("path", {
        class: strokeClass(tone),
        d: path,
        "stroke-width": thickness,
        "stroke-opacity": opacity,
        "stroke-dasharray": dashes === "none" ? undefined : dashes,
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
      });
      return title === undefined ? drawn : drawn + drawHoverDiscs(places, title);
    },
  };
}

/** Returns whether both coordinates of a position are finite. */
function isFinitePosition([left, top]: readonly [number, number]): boolean {
  return Number.isFinite(left) && Number.isFinite(top);
}

/** Draws invisible discs with hover titles at the points of a line. */
function drawHoverDiscs(
  positions: readonly (readonly [number, number])[],
  title: (index: number) => string,
): string {
  return positions.map((place, i) => {
    if (!isFinitePosition(place)) return "";
    const [cx, cy] = place;
    const disc = { class: fillClass("paper"), cx, cy, r: REACH, "fill-opacity": 0 };
    return element("circle", disc, hoverTitle(title(i)));
  }).join("");
}
