import { band, chart, column, dots, type Figure, label, line } from "deno-plot-svg";
import type {
  DistributionKind,
  DistributionSeries,
  Moment,
} from "../observe/distribution_fields.ts";
import { distributions } from "../observe/distributions.ts";
import type { Histogram } from "../observe/histogram.ts";
import type { RunRecord } from "../run/record.ts";
import { observedValue } from "./observed.ts";
import type { Panel } from "./panel.ts";
import { formatPercent } from "../format/percent.ts";

/** Height [px] of a chart. */
const HEIGHT = 150;

/** Largest number of charts in a panel. If there are more layers, the first and the last ones are drawn. */
const MOST_SERIES = 8;

/** Quantiles, as fractions, that are drawn: the lower and upper edges of three bands, and the median line. */
const EDGES = {
  nearlyAll: [0.005, 0.995],
  most: [0.05, 0.95],
  half: [0.25, 0.75],
  median: 0.5,
} as const;

/** Sentence, without its full stop, that explains the line and the bands of a chart in captions. */
const LEGEND =
  "Line: median of the non-zero values; bands: the middle 50\u00a0%, 90\u00a0% and 99\u00a0% of them";

/** Options of a panel with distributions over epochs. */
interface DistributionsOptions {
  readonly title: string;
  /** Returns a sentence about the values for a number of samples, without its full stop. */
  readonly caption: (samples: number) => string;
  /** Kind of the values that are drawn. */
  readonly kind: DistributionKind;
  /** Returns the text after the name in the title of a chart; may be empty. */
  readonly about: (series: DistributionSeries) => string;
  /**
   * Index of the first moment of training that is drawn. All moments are drawn if fewer than two would
   * remain. Defaults to 0, before training.
   */
  readonly from?: number;
}

/**
 * Returns a panel with a chart for each layer or parameter: the distribution of its values over epochs.
 * Returns undefined if the run did not observe values of that kind.
 */
export function distributionsPanel(
  record: RunRecord,
  { title, caption, kind, about, from = 0 }: DistributionsOptions,
): Panel | undefined {
  const found = observedValue(record, distributions);
  // vectors, such as biases, are small and would double the number of charts
  const series = (found?.series ?? []).filter((each) =>
    each.kind === kind && (kind === "activation" || each.shape.length > 1)
  );
  if (found === undefined || series.length === 0) return undefined;
  const shown = series.length <= MOST_SERIES
    ? series
    : [...series.slice(0, MOST_SERIES / 2), ...series.slice(-MOST_SERIES / 2)];
  const left = shown.length === series.length
    ? ""
    : ` Shown are the first and last ${MOST_SERIES / 2} of ${series.length} layers.`;
  return {
    title,
    caption: `${caption(found.samples)}. ${LEGEND}.${left}`,
    span: 1,
    draw: (width) =>
      column(
        shown.map((each) => {
          const head = [each.name, about(each)].filter((text) => text !== "").join(": ");
          const { moments } = found;
          const first = moments.length - from < 2 ? 0 : from;
          return drawDistribution(head, moments.slice(first), each.histograms.slice(first), width);
        }),
        { gap: 10 },
      ),
  };
}

/**
 * Formats the share of zeros among all values at the last observed moment: "12 % zeros"; empty if there are
 * none.
 */
export function formatZeroShare({ histograms }: DistributionSeries): string {
  const last = histograms.at(-1);
  if (last === undefined || last.zeros === 0) return "";
  const all = countBinned(last) + last.zeros + last.infinite;
  return `${formatPercent(last.zeros / all, 0, { clamped: true })} zeros`;
}

/**
 * Draws quantiles of the non-zero values at each moment over epochs: the median as a line, others as bands.
 */
function drawDistribution(
  title: string,
  moments: readonly Moment[],
  histograms: readonly Histogram[],
  width: number,
): Figure {
  if (histograms.every((each) => countBinned(each) === 0)) {
    return drawEmptyChart(title, histograms, width);
  }
  const x = moments.map(({ epoch }) => epoch);
  const at = (share: number) => histograms.map((each) => quantile(each, share));
  const between = ([low, high]: readonly [number, number], opacity: number) =>
    band({ x, low: at(low), high: at(high) }, { tone: "blue", opacity });
  const median = { x, y: at(EDGES.median) };
  const last = x.at(-1) ?? 0;
  return chart({
    width,
    height: HEIGHT,
    x: { title: "epoch", domain: [0, Math.max(1, last)], count: Math.min(5, Math.max(1, last)) },
    y: { title, count: 3 },
    marks: [
      between(EDGES.nearlyAll, 0.12),
      between(EDGES.most, 0.2),
      between(EDGES.half, 0.35),
      line(median, { tone: "blue" }),
      ...(x.length === 1 ? [dots(median, { tone: "blue" })] : []),
    ],
  });
}

/** Draws the title and a sentence in place of a chart, if no value is finite and not 0. */
function drawEmptyChart(title: string, histograms: readonly Histogram[], width: number): Figure {
  const isZero = histograms.every(({ infinite }) => infinite === 0);
  const state = isZero ? "All values are 0" : "No finite values other than 0";
  const texts = [label(title, { size: 11, tone: "muted", width }), label(state, { width })];
  return { ...column(texts, { gap: 12 }), width, height: HEIGHT };
}

/** Returns the number of values in all bins of a histogram. Zeros and non-finite values are in no bin. */
function countBinned({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Estimates a quantile of the values in a histogram's bins, assuming that values are spread evenly within
 * each bin. Returns NaN for a histogram without values.
 *
 * @param share fraction of the values below the quantile, 0 to 1
 */
export function quantile(histogram: Histogram, share: number): number {
  const { low, high, counts } = histogram;
  const all = countBinned(histogram);
  if (all === 0) return NaN;
  const wanted = share * all;
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      return low + (high - low) * (bin + (wanted - below) / count) / counts.length;
    }
    below += count;
  }
  return high;
}
