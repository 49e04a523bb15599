// @ts-types="npm:@types/d3-shape@3.1.7"
import { area } from "d3-shape";
import { rounded } from "../numbers.ts";
import { element } from "../svg.ts";
import { fill, type Tone } from "../theme.ts";
import { assertPaired, entryOf, type Mark, numbersOf, type Values } from "./mark.ts";

/** The lower and the upper edge of a band over x, all of the same length. */
export interface Edges {
  /** Place along the horizontal axis. */
  readonly x: Values;
  /** Lower edge. */
  readonly low: Values;
  /** Upper edge. */
  readonly high: Values;
}

/** How a band looks. */
export interface BandOptions {
  /** Colour; ink unless told. */
  readonly tone?: Tone;
  /** 0, invisible, to 1; 0.18 unless told. */
  readonly opacity?: number;
  /** Name in the legend. */
  readonly legend?: string;
}

/**
 * The area between two edges, for example a range or an interval. A value that is not finite, or
 * that the scale cannot show, leaves a gap.
 *
 * @throws {TypeError} if x, low and high differ in length
 */
export function band(edges: Edges, options: BandOptions = {}): Mark {
  const { tone = "ink", opacity = 0.18, legend } = options;
  assertPaired("band", edges.x, edges.low);
  assertPaired("band", edges.x, edges.high);
  const [x, low, high] = [numbersOf(edges.x), numbersOf(edges.low), numbersOf(edges.high)];
  return {
    xs: x,
    ys: [...low, ...high],
    ...entryOf(legend, { tone, opacity }),
    draw(horizontal, vertical) {
      const places = x.map((value, i) =>
        [
          rounded(horizontal.at(value)),
          rounded(vertical.at(low[i])),
          rounded(vertical.at(high[i])),
        ] as const
      );
      const path = area<readonly [number, number, number]>()
        .defined((place) => place.every(Number.isFinite))
        .x(([left]) => left)
        .y0(([, bottom]) => bottom)
        .y1(([, , top]) => top)(places);
      if (path === null) return "";
      return element("path", { class: fill(tone), d: path, "fill-opacity": opacity });
    },
  };
}
