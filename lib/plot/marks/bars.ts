import { element, hoverTitle } from "../svg.ts";
import { fill, type Tone } from "../theme.ts";
import { assertPaired, type Mark, type Points } from "./mark.ts";

/** How bars look. */
export interface BarsOptions {
  /** Colour; blue unless told. */
  readonly tone?: Tone;
  /** Width of a bar in units of the horizontal axis; 0.8 unless told. */
  readonly thickness?: number;
  /** The hover title of each bar, by its place in the order. */
  readonly title?: (index: number) => string;
}

/**
 * Upright bars from zero to y, each with its middle at x. A value that is not finite has no bar.
 * Bars stand on zero, so they need a linear vertical scale.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function bars({ x, y }: Points, options: BarsOptions = {}): Mark {
  const { tone = "blue", thickness = 0.8, title } = options;
  assertPaired("bars", x, y);
  const half = thickness / 2;
  return {
    xs: Array.from(x).flatMap((value) => [value - half, value + half]),
    ys: [0, ...Array.from(y)],
    draw(horizontal, vertical) {
      const zero = vertical.at(0);
      return Array.from(x, (value, i) => {
        const left = horizontal.at(value - half);
        const end = vertical.at(y[i] as number);
        if (![zero, left, end].every(Number.isFinite)) return "";
        return element("rect", {
          class: fill(tone),
          x: left,
          y: Math.min(zero, end),
          width: horizontal.at(value + half) - left,
          height: Math.abs(end - zero),
        }, title === undefined ? "" : hoverTitle(title(i)));
      }).join("");
    },
  };
}
