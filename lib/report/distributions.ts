import { band, chart, column, dots, type Figure, label, line } from "deno-plot-svg";
import type {
  DistributionKind,
  DistributionSeries,
  Moment,
} from "../observe/distribution_fields.ts";
import { distributions } from "../observe/distributions.ts";
import type { Histogram } from "../observe/histogram.ts";
import type { RunRecord } from "../run/record.ts";
import { observed } from "./observed.ts";
import type { Panel } from "./panel.ts";
import { formatPercent } from "../format/percent.ts";

const HEIGHT = 150;

/** Charts below each other at most: of more layers the first and the last ones. */
const MOST_SERIES = 8;

/** Shares of the numbers below the edges of the bands, and below the line. */
const EDGES = {
  nearlyAll: [0.005, 0.995],
  most: [0.05, 0.95],
  half: [0.25, 0.75],
  median: 0.5,
} as const;

const HOW_TO_READ = "Line: median; bands: middle half, 90\u00a0% and 99\u00a0%";

interface DistributionsOptions {
  readonly title: string;
  /** What the numbers are, of so many samples, in a sentence without its full stop. */
  readonly caption: (samples: number) => string;
  readonly kind: DistributionKind;
  readonly about: (series: DistributionSeries) => string;
  /** The first moment that is shown, if there are two behind it; that before training unless told. */
  readonly from?: number;
}

/** The distributions of a kind; nothing if the run was not looked at, or has none of them. */
export function distributionsPanel(
  record: RunRecord,
  { title, caption, kind, about, from = 0 }: DistributionsOptions,
): Panel | undefined {
  const found = observed(record, distributions);
  // vectors, biases among them, are small, and would double the charts
  const series = (found?.series ?? []).filter((each) =>
    each.kind === kind && (kind === "activation" || each.shape.length > 1)
  );
  if (found === undefined || series.length === 0) return undefined;
  const shown = series.length <= MOST_SERIES
    ? series
    : [...series.slice(0, MOST_SERIES / 2), ...series.slice(-MOST_SERIES / 2)];
  const left = shown.length === series.length
    ? ""
    : ` The first and the last ${MOST_SERIES / 2} of ${series.length} layers.`;
  return {
    title,
    caption: `${caption(found.samples)}. ${HOW_TO_READ}, of what is not 0.${left}`,
    span: 1,
    draw: (width) =>
      column(
        shown.map((each) => {
          const head = [each.name, about(each)].filter((text) => text !== "").join(": ");
          const { moments } = found;
          const first = moments.length - from < 2 ? 0 : from;
          return distributionChart(head, moments.slice(first), each.histograms.slice(first), width);
        }),
        { gap: 10 },
      ),
  };
}

/** How many of the last moment's numbers are 0; nothing if none is. */
export function zerosOf({ histograms }: DistributionSeries): string {
  const last = histograms.at(-1);
  if (last === undefined || last.zeros === 0) return "";
  const all = binnedOf(last) + last.zeros + last.infinite;
  return `${formatPercent(last.zeros / all, 0, { clamped: true })} are 0`;
}

function distributionChart(
  title: string,
  moments: readonly Moment[],
  histograms: readonly Histogram[],
  width: number,
): Figure {
  if (histograms.every((each) => binnedOf(each) === 0)) return emptyChart(title, histograms, width);
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

function emptyChart(title: string, histograms: readonly Histogram[], width: number): Figure {
  const isZero = histograms.every(({ infinite }) => infinite === 0);
  const remark = isZero ? "All are 0" : "None is a finite number other than 0";
  const texts = [label(title, { size: 11, tone: "muted", width }), label(remark, { width })];
  return { ...column(texts, { gap: 12 }), width, height: HEIGHT };
}

function binnedOf({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The number below which a share of a histogram's numbers lies, as if they lay evenly within each
 * bin; NaN of none.
 */
export function quantile(histogram: Histogram, share: number): number {
  const { low, high, counts } = histogram;
  const all = binnedOf(histogram);
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
