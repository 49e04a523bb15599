import { element, hoverTitle } from "../svg.ts";
import { fill, type Tone } from "../theme.ts";
import { assertPaired, type Mark, type Points } from "./mark.ts";

/** How bars look. */
export interface BarsOptions {
  /** Colour; blue unless told. */
  readonly tone?: Tone;
  /** Width of a bar in units of the horizontal axis; 0.8 unless told. */
  readonly thickness?: number;
  /** Where bars begin on the vertical axis; 0 unless told, which a log scale cannot show. */
  readonly base?: number;
  /** The hover title of each bar, by its place in the order. */
  readonly title?: (index: number) => string;
}

/**
 * Upright bars from zero, or another base, to y, each with its middle at x. A value that is not
 * finite, or that the scale cannot show, has no bar.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function bars({ x, y }: Points, options: BarsOptions = {}): Mark {
  const { tone = "blue", thickness = 0.8, base = 0, title } = options;
  assertPaired("bars", x, y);
  const half = thickness / 2;
  return {
    xs: Array.from(x).flatMap((value) => [value - half, value + half]),
    ys: [base, ...Array.from(y)],
    draw(horizontal, vertical) {
      const foot = vertical.at(base);
      return Array.from(x, (value, i) => {
        const left = horizontal.at(value - half);
        const end = vertical.at(y[i] as number);
        if (![foot, left, end].every(Number.isFinite)) return "";
        return element("rect", {
          class: fill(tone),
          x: left,
          y: Math.min(foot, end),
          width: horizontal.at(value + half) - left,
          height: Math.abs(end - foot),
        }, title === undefined ? "" : hoverTitle(title(i)));
      }).join("");
    },
  };
}
