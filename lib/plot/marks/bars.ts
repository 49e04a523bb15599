import { element } from "../svg.ts";
import { fillClass, type Tone } from "../theme.ts";
import { legendEntryOption, type Mark, pairedNumbers, type Points, pointTitle } from "./mark.ts";

/** Style of bars. */
export interface BarsOptions {
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Width of a bar in units of the horizontal axis. Defaults to 0.8. */
  readonly thickness?: number;
  /** Value of the vertical axis at which bars begin. Defaults to 0, which is not on a log scale. */
  readonly base?: number;
  /** Name in the legend. */
  readonly legend?: string;
  /** Function that returns the hover title of a bar by its index. Defaults to the bar's x and y. */
  readonly title?: (index: number) => string;
}

/**
 * Returns a mark with a vertical bar at each x, from 0 or another base to y. A value that is not finite, or
 * not on the scale, has no bar.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function bars(points: Points, options: BarsOptions = {}): Mark {
  const { tone = "blue", thickness = 0.8, base = 0, legend, title } = options;
  const { x, y } = pairedNumbers("bars", points);
  const half = thickness / 2;
  return {
    xs: x.flatMap((value) => [value - half, value + half]),
    ys: [base, ...y],
    ...legendEntryOption(legend, { tone }),
    draw(horizontal, vertical) {
      const foot = vertical.at(base);
      return x.map((value, i) => {
        const height = y[i];
        const left = horizontal.at(value - half);
        const end = vertical.at(height);
        if (![foot, left, end].every(Number.isFinite)) return "";
        return element("rect", {
          class: fillClass(tone),
          x: left,
          y: Math.min(foot, end),
          width: horizontal.at(value + half) - left,
          height: Math.abs(end - foot),
        }, pointTitle(title, i, value, height));
      }).join("");
    },
  };
}
