// @ts-types="npm:@types/d3-shape@3.1.7"
import { line as d3Line } from "d3-shape";
import { rounded } from "../numbers.ts";
import { element } from "../svg.ts";
import { stroke, type Tone } from "../theme.ts";
import { assertPaired, labelAtEnd, type Mark, type Points } from "./mark.ts";

/** How a line looks. */
export interface LineOptions {
  /** Colour; ink unless told. */
  readonly tone?: Tone;
  /** Thickness in pixels; 1.75 unless told. */
  readonly thickness?: number;
  /** 0, invisible, to 1, which is the default. */
  readonly opacity?: number;
  /** Lengths of dashes and gaps in pixels, for example "4 3"; solid unless told. */
  readonly dashes?: string;
  /** Name at the right end of the line. */
  readonly label?: string;
}

/**
 * A line through points in their order. A value that is not finite, or that the scale cannot show,
 * leaves a gap; a point alone between gaps is a dot.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function line(points: Points, options: LineOptions = {}): Mark {
  const { tone = "ink", thickness = 1.75, opacity, dashes, label } = options;
  const { x, y } = points;
  assertPaired("line", x, y);
  return {
    xs: Array.from(x),
    ys: Array.from(y),
    ...labelAtEnd(label, points, tone),
    draw(horizontal, vertical) {
      const places = Array.from(
        x,
        (value, i) =>
          [rounded(horizontal.at(value)), rounded(vertical.at(y[i] as number))] as [number, number],
      );
      const path = d3Line()
        .defined(([left, top]) => Number.isFinite(left) && Number.isFinite(top))(places);
      if (path === null) return "";
      return element("path", {
        class: stroke(tone),
        d: path,
        "stroke-width": thickness,
        "stroke-opacity": opacity,
        "stroke-dasharray": dashes,
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
      });
    },
  };
}
