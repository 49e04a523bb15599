import type { Bins } from "../axes/bins.ts";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { element, hoverTitle } from "../svg.ts";
import { fillClass, type Tone } from "../theme.ts";
import { legendEntryOption, type Mark } from "./mark.ts";

/** Style of a histogram. */
export interface HistogramOptions {
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Opacity, 0 to 1; lower for overlapping histograms. Defaults to 1. */
  readonly opacity?: number;
  /** Value of the vertical axis at which bars begin. Defaults to 0, which is not on a log scale. */
  readonly base?: number;
  /** Name in the legend. */
  readonly legend?: string;
}

/** Distance [px] between the edge of a bin and its bar. */
const INSET = 0.5;

/**
 * Returns a histogram: a bar over each bin, as high as the number of values in the bin. {@link binned}
 * computes bins.
 *
 * @throws {TypeError} if the number of edges is not the number of counts plus one
 * @throws {RangeError} if the edges do not rise
 */
export function histogram({ edges, counts }: Bins, options: HistogramOptions = {}): Mark {
  const { tone = "blue", opacity, base = 0, legend } = options;
  assertBins({ edges, counts });
  return {
    xs: Array.from(edges),
    ys: [base, ...Array.from(counts)],
    ...legendEntryOption(legend, { tone, ...(opacity === undefined ? {} : { opacity }) }),
    draw(horizontal, vertical) {
      const foot = vertical.at(base);
      return Array.from(counts, (count, i) => {
        const [low, high] = [edges[i], edges[i + 1]];
        const [left, right, end] = [horizontal.at(low), horizontal.at(high), vertical.at(count)];
        if (count === 0 || ![foot, left, right, end].every(Number.isFinite)) return "";
        return element("rect", {
          class: fillClass(tone),
          x: left + INSET,
          y: Math.min(foot, end),
          width: Math.max(INSET, right - left - 2 * INSET),
          height: Math.abs(end - foot),
          "fill-opacity": opacity,
        }, hoverTitle(`${formatNumber(low)} to ${formatNumber(high)}: ${formatCount(count)}`));
      }).join("");
    },
  };
}

/** Throws an error unless the edges rise and there is one more than counts. */
function assertBins({ edges, counts }: Bins): void {
  if (edges.length !== counts.length + 1) {
    throw new TypeError(
      `Cannot draw histogram: expected ${counts.length + 1} edges: received ${edges.length}`,
    );
  }
  for (let i = 0; i < counts.length; i++) {
    const [low, high] = [edges[i], edges[i + 1]];
    if (low < high) continue;
    throw new RangeError(`Cannot draw histogram: expected rising edges: received ${low}, ${high}`);
  }
}
