import type { Bins } from "../axes/bins.ts";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { element, hoverTitle } from "../svg.ts";
import { fill, type Tone } from "../theme.ts";
import { entryOf, type Mark } from "./mark.ts";

/** How a histogram looks. */
export interface HistogramOptions {
  /** Colour; blue unless told. */
  readonly tone?: Tone;
  /** 0, invisible, to 1, which is the default: lower where histograms lie over each other. */
  readonly opacity?: number;
  /** Where bars begin on the vertical axis; 0 unless told, which a log scale cannot show. */
  readonly base?: number;
  /** Name in the legend. */
  readonly legend?: string;
}

/** From the edge of a bin to its bar, in pixels. */
const INSET = 0.5;

/**
 * A bar over each bin, as high as its count; the bins come from {@link binned} or from elsewhere.
 *
 * @throws {TypeError} if there is not one edge more than counts
 * @throws {RangeError} if the edges do not rise
 */
export function histogram({ edges, counts }: Bins, options: HistogramOptions = {}): Mark {
  const { tone = "blue", opacity, base = 0, legend } = options;
  assertBins({ edges, counts });
  return {
    xs: Array.from(edges),
    ys: [base, ...Array.from(counts)],
    ...entryOf(legend, { tone, ...(opacity === undefined ? {} : { opacity }) }),
    draw(horizontal, vertical) {
      const foot = vertical.at(base);
      return Array.from(counts, (count, i) => {
        const [low, high] = [edges[i], edges[i + 1]];
        const [left, right, end] = [horizontal.at(low), horizontal.at(high), vertical.at(count)];
        if (count === 0 || ![foot, left, right, end].every(Number.isFinite)) return "";
        return element("rect", {
          class: fill(tone),
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
