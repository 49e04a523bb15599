import { drawShape, drawShapes, type Shape } from "../shape.ts";
import type { Tone } from "../theme.ts";
import { entryOf, labelAtEnd, type Mark, pairsOf, type Points, pointTitle } from "./mark.ts";

/** How dots look. */
export interface DotsOptions {
  /** Colour; ink unless told. */
  readonly tone?: Tone;
  /** Shape; circle unless told. */
  readonly shape?: Shape;
  /** Radius in pixels, of other shapes that of a circle as large; 2.75 unless told. */
  readonly radius?: number;
  /** 0, invisible, to 1, which is the default. */
  readonly opacity?: number;
  /** Name beside the last dot. */
  readonly label?: string;
  /** Name in the legend. */
  readonly legend?: string;
  /** The hover title of each dot, by its place in the order; its numbers unless told. */
  readonly title?: (index: number) => string;
  /** Whether all are drawn as one element, without hover titles: for thousands; false unless told. */
  readonly merged?: boolean;
}

/**
 * A dot at each point; a value that is not finite, or that the scale cannot show, has none.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function dots(points: Points, options: DotsOptions = {}): Mark {
  const { tone = "ink", shape = "circle", radius = 2.75, opacity, merged } = options;
  const { label, legend, title } = options;
  const { x, y } = pairsOf("dots", points);
  return {
    xs: x,
    ys: y,
    ...labelAtEnd(label, points, { tone, shape }),
    ...entryOf(legend, { tone, shape }),
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
