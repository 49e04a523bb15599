import { element, hoverTitle } from "../svg.ts";
import { fill, type Tone } from "../theme.ts";
import { assertPaired, labelAtEnd, type Mark, type Points } from "./mark.ts";

/** How dots look. */
export interface DotsOptions {
  /** Colour; ink unless told. */
  readonly tone?: Tone;
  /** Radius in pixels; 2.75 unless told. */
  readonly radius?: number;
  /** Name beside the last dot. */
  readonly label?: string;
  /** The hover title of each dot, by its place in the order. */
  readonly title?: (index: number) => string;
}

/**
 * A dot at each point; a value that is not finite, or that the scale cannot show, has none.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function dots(points: Points, options: DotsOptions = {}): Mark {
  const { tone = "ink", radius = 2.75, label, title } = options;
  const { x, y } = points;
  assertPaired("dots", x, y);
  return {
    xs: Array.from(x),
    ys: Array.from(y),
    ...labelAtEnd(label, points, tone),
    draw(horizontal, vertical) {
      return Array.from(x, (value, i) => {
        const cx = horizontal.at(value);
        const cy = vertical.at(y[i] as number);
        if (!Number.isFinite(cx) || !Number.isFinite(cy)) return "";
        const hover = title === undefined ? "" : hoverTitle(title(i));
        return element("circle", { class: fill(tone), cx, cy, r: radius }, hover);
      }).join("");
    },
  };
}
