// @ts-types="npm:@types/d3-shape@3.1.7"
import { area } from "d3-shape";
import { roundCoordinate } from "../numbers.ts";
import { element } from "../svg.ts";
import { fillClass, type Tone } from "../theme.ts";
import { assertPaired, legendEntryOption, type Mark, toNumbers, type Values } from "./mark.ts";

/** Lower and upper edge of a band. The three lists have the same length. */
export interface Edges {
  /** Positions on the horizontal axis. */
  readonly x: Values;
  /** Lower edge at each x, on the vertical axis. */
  readonly low: Values;
  /** Upper edge at each x, on the vertical axis. */
  readonly high: Values;
}

/** Style of a band. */
export interface BandOptions {
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Opacity, 0 to 1. Defaults to 0.18. */
  readonly opacity?: number;
  /** Name in the legend. */
  readonly legend?: string;
}

/**
 * Returns a mark that fills the area between two edges, for example intervals. A value that is not finite, or
 * not on the scale, leaves a gap.
 *
 * @throws {TypeError} if x, low and high differ in length
 */
export function band(edges: Edges, options: BandOptions = {}): Mark {
  const { tone = "ink", opacity = 0.18, legend } = options;
  assertPaired("band", edges.x, edges.low);
  assertPaired("band", edges.x, edges.high);
  const [x, low, high] = [toNumbers(edges.x), toNumbers(edges.low), toNumbers(edges.high)];
  return {
    xs: x,
    ys: [...low, ...high],
    ...legendEntryOption(legend, { tone, opacity }),
    draw(horizontal, vertical) {
      const places = x.map((value, i) =>
        [
          roundCoordinate(horizontal.at(value)),
          roundCoordinate(vertical.at(low[i])),
          roundCoordinate(vertical.at(high[i])),
        ] as const
      );
      const path = area<readonly [number, number, number]>()
        .defined((place) => place.every(Number.isFinite))
        .x(([left]) => left)
        .y0(([, bottom]) => bottom)
        .y1(([, , top]) => top)(places);
      if (path === null) return "";
      return element("path", { class: fillClass(tone), d: path, "fill-opacity": opacity });
    },
  };
}
