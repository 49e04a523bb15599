import { drawShape, drawShapes, type Shape } from "../shape.ts";
import type { Tone } from "../theme.ts";
import {
  labelAtLastPoint,
  legendEntryOption,
  type Mark,
  pairedNumbers,
  type Points,
  pointTitle,
} from "./mark.ts";

/** Style of dots. */
export interface DotsOptions {
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Shape. Defaults to circle. */
  readonly shape?: Shape;
  /** Radius in pixels of a circle. Other shapes have about the same area. Defaults to 2.75. */
  readonly radius?: number;
  /** Opacity, 0 to 1. Defaults to 1. */
  readonly opacity?: number;
  /** Name beside the last dot. */
  readonly label?: string;
  /** Name in the legend. */
  readonly legend?: string;
  /** Function that returns the hover title of a dot by its index. Defaults to the dot's x and y. */
  readonly title?: (index: number) => string;
  /**
   * Whether all dots are one element without hover titles, which suits thousands of dots. Defaults to false.
   */
  readonly merged?: boolean;
}

/**
 * Returns a mark with a dot at each point. A value that is not finite, or not on the scale, has no dot.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function dots(points: Points, options: DotsOptions = {}): Mark {
  const { tone = "ink", shape = "circle", radius = 2.75, opacity, merged } = options;
  const { label, legend, title } = options;
  const { x, y } = pairedNumbers("dots", points);
  return {
    xs: x,
    ys: y,
    ...labelAtLastPoint(label, points, { tone, shape }),
    ...legendEntryOption(legend, { tone, shape }),
    draw(horizontal, vertical) {
      const places = x.flatMap((value, index) => {
        const place = { x: horizontal.at(value), y: vertical.at(y[index]) };
        return Number.isFinite(place.x) && Number.isFinite(place.y) ? [{ index, place }] : [];
      });
      if (merged === true) {
        return drawShapes(shape, places.map(({ place }) => place), { radius, tone, opacity });
      }
      return places.map(({ index, place }) => {
        const hover = pointTitle(title, index, x[index], y[index]);
        return drawShape(shape, { ...place, radius, tone, opacity }, hover);
      }).join("");
    },
  };
}
