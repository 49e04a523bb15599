/**
 * Draws the profile of a training step: bars of the time by operation, and a roofline chart.
 *
 * @module
 */

import {
  barList,
  chart,
  column,
  document,
  dots,
  type Figure,
  label,
  labels,
  line,
  type Mark,
  paragraph,
  row,
  space,
} from "deno-plot-svg";
import { GUTTER, MARGIN, PAGE } from "../../report/grid.ts";
import { formatOperation, passTone } from "../../report/environment/times.ts";
import { sum } from "../../tensor/math/statistics.ts";
import type { Profile } from "./profile.ts";
import type { Ceilings } from "./roofline.ts";
import { type ProfileRow, profileRows } from "./rows.ts";
import { formatMeasured } from "../../format/numbers.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import { formatBinaryBytes } from "../../format/bytes.ts";

/** Content of a profile's page. */
export interface ProfilePage {
  /** Name of the config. */
  readonly title: string;
  readonly description: string;
  /** Profiles, one for each number of workers. */
  readonly sections: readonly ProfileSection[];
}

/** Profile of a training step with a given number of workers. */
interface ProfileSection {
  /** One line of text with the number of workers, the time of a step and the throughput. */
  readonly summary: string;
  readonly profile: Profile;
  /** Measured peak rates of the machine with this number of workers. */
  readonly ceilings: Ceilings;
}

/** Largest number of operations that have a numbered bar each. The other operations share one bar. */
const NUMBERED = 14;

const CHART_HEIGHT = 380;

/** Draws a profile's page and returns it as the text of an SVG file. */
export function drawProfile({ title, description, sections }: ProfilePage): string {
  const page = column([
    paragraph("Profile of a training step", PAGE, { tone: "muted" }),
    paragraph(title, PAGE, { size: 26, bold: true }),
    paragraph(description, PAGE, { size: 14, tone: "muted" }),
    ...sections.flatMap((section) => [space(PAGE, 28), drawSection(section)]),
  ]);
  return document(page, {
    title: `Profile of ${title}`,
    description: `${description}; ${sections.map(({ summary }) => summary).join("; ")}`,
    margin: MARGIN,
  });
}

function drawSection({ summary, profile, ceilings }: ProfileSection): Figure {
  const rows = profileRows(profile, ceilings);
  return column([
    label(summary, { size: 17, bold: true }),
    space(PAGE, 16),
    row([
      drawHalfPage("Time by operation", BARS_CAPTION, drawTimeBars(rows, HALF)),
      drawHalfPage("Roofline", ROOF_CAPTION, drawRoofline(rows, ceilings, HALF)),
    ], { gap: GUTTER }),
  ]);
}

const BARS_CAPTION =
  "Time of each operation in a step [µs], its share of the step's time, and its speed as a share of the " +
  "roofline.";

const ROOF_CAPTION =
  "Each dot is an operation, with the number of its bar. Lines: measured ceilings of arithmetic in " +
  "registers, and of memory bandwidth by size of the data. Log scales.";

/** Width [px] of half a page. */
const HALF = (PAGE - GUTTER) / 2;

/** Height [px] of a title with a caption of two lines. Both charts of a section begin below it. */
const HEADING = 72;

/** Draws a figure of half the page's width below its title and caption. */
function drawHalfPage(title: string, caption: string, figure: Figure): Figure {
  const head = column([
    label(title, { size: 15, bold: true }),
    paragraph(caption, HALF, { tone: "muted" }),
  ], { gap: 2 });
  return { ...column([{ ...head, height: HEADING }, figure]), width: HALF };
}

/** Draws a bar of the time of each operation. Operations after the first {@linkcode NUMBERED} share one bar. */
function drawTimeBars(rows: readonly ProfileRow[], width: number): Figure {
  const shown = rows.slice(0, NUMBERED);
  const rest = rows.slice(NUMBERED);
  const time = sum(rest.map(({ time }) => time));
  const share = sum(rest.map(({ share }) => share));
  const items = shown.map((row, index) => ({
    name: `${index + 1}  ${formatOperation(row)}`,
    value: row.time,
    label: [
      formatMeasured(row.time),
      ...[row.share, row.roof].filter(Number.isFinite).map((share) =>
        formatPercent(share, 1, PLAIN)
      ),
    ].join(" · "),
    tone: passTone(row.pass),
    title: `${formatOperation(row)}: ${formatMeasured(row.gflops)} GFLOP/s, ${
      formatMeasured(row.rate)
    } GB/s`,
  }));
  const others = rest.length === 0 ? [] : [{
    name: `${rest.length} others`,
    value: time,
    label: `${formatMeasured(time)} · ${formatPercent(share, 1, PLAIN)}`,
    tone: "muted" as const,
  }];
  return barList({ width, items: [...items, ...others], longestName: 0.48 * width });
}

/**
 * Draws the rate of each operation against its arithmetic intensity, below the lines of the ceilings.
 *
 * @param rows rows of the profile, those with the longest time first
 */
function drawRoofline(rows: readonly ProfileRow[], ceilings: Ceilings, width: number): Figure {
  const shown = rows.map((row, index) => ({ ...row, number: index + 1 }))
    .filter(({ flops, bytes, gflops }) => flops > 0 && bytes > 0 && Number.isFinite(gflops));
  const numbered = shown.filter(({ number }) => number <= NUMBERED);
  const slowest = Math.min(1, ...numbered.map(({ gflops }) => gflops));
  const others = shown.filter(({ number, gflops }) => number > NUMBERED && gflops >= slowest);
  const points = (of: readonly ProfileRow[]) => ({
    x: of.map(({ flops, bytes }) => flops / bytes),
    y: of.map(({ gflops }) => gflops),
  });
  const { x: intensities } = points([...numbered, ...others]);
  const lowest = Math.min(0.05, ...intensities) / 1.5;
  const highest = Math.max(20, ...intensities) * 1.5;
  const tones = [...new Set(numbered.map(({ pass }) => passTone(pass)))];
  return chart({
    width,
    height: CHART_HEIGHT,
    x: { title: "useful FLOP per byte", scale: "log", domain: [lowest, highest] },
    y: { title: "GFLOP/s", scale: "log", domain: [slowest / 1.5, ceilings.compute * 2] },
    marks: [
      ...rooflineMarks(ceilings, lowest, highest),
      dots(points(others), { tone: "muted", radius: 2 }),
      ...tones.map((tone) =>
        dots(points(numbered.filter((row) => passTone(row.pass) === tone)), { tone, radius: 3.5 })
      ),
      labels(points(numbered), { content: (index) => String(numbered[index]?.number), gap: 6 }),
    ],
  });
}

/**
 * Ratio above which two neighbouring bandwidths are both drawn. Of two closer ones, only that of the larger
 * amount of memory is drawn.
 */
const ALIKE = 1.25;

/**
 * Height at which the bandwidths are labelled in the roofline chart, as a multiple of the peak arithmetic
 * rate.
 */
const ABOVE_ROOF = 1.3;

/**
 * Returns the lines of a roofline chart with their labels: a slope for each bandwidth, and a flat line for the
 * peak arithmetic rate.
 *
 * @param lowest smallest arithmetic intensity of the chart [floating-point operations per byte]
 * @param highest largest arithmetic intensity of the chart [floating-point operations per byte]
 */
function rooflineMarks(ceilings: Ceilings, lowest: number, highest: number): readonly Mark[] {
  const { compute, memory } = ceilings;
  const distinct = memory.filter(({ rate }, index) => {
    const next = memory[index + 1]?.rate ?? 0;
    return Math.max(rate, next) > ALIKE * Math.min(rate, next);
  });
  const slopes = distinct.map(({ rate }) =>
    line({ x: [lowest, compute / rate], y: [lowest * rate, compute] }, {
      tone: "muted",
      thickness: 1,
      dashes: "5 4",
    })
  );
  const fastest = Math.max(...distinct.map(({ rate }) => rate));
  const flat = line({ x: [compute / fastest, highest], y: [compute, compute] }, {
    tone: "ink",
    thickness: 1.25,
    label: `${formatMeasured(compute)} GFLOP/s`,
  });
  const names = labels({
    x: distinct.map(({ rate }) => compute / rate),
    y: distinct.map(() => ABOVE_ROOF * compute),
  }, {
    tone: "muted",
    gap: 2,
    side: "left",
    content: (index) => {
      const { rate = 0, bytes = 0 } = distinct[index] ?? {};
      return `${formatMeasured(rate)} GB/s in ${formatBinaryBytes(bytes)}`;
    },
  });
  return [...slopes, flat, names];
}
