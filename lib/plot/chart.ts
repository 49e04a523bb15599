import { AXIS_SIZE, BELOW, type Box, horizontalAxis, labelsWidth, verticalAxis } from "./axes.ts";
import type { Figure } from "./figure.ts";
import type { DirectLabel, Mark } from "./marks/mark.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";
import type { Tick } from "./ticks.ts";

/** What an axis shows. */
export interface AxisOptions {
  /** What the numbers are, with their unit. */
  readonly title: string;
  /** Linear unless told. */
  readonly scale?: "linear" | "log";
  /** Smallest and largest value, instead of those of the marks. */
  readonly domain?: readonly [number, number];
  /** Whether zero is part of the domain whatever the data; false unless told. */
  readonly zero?: boolean;
  /** About how many ticks; 5 unless told. */
  readonly count?: number;
  /** Ticks instead of those that the domain suggests. */
  readonly ticks?: readonly Tick[];
}

/** A chart over two axes. */
export interface ChartOptions {
  /** Width of the whole chart in pixels. */
  readonly width: number;
  /** Height of the whole chart in pixels. */
  readonly height: number;
  /** The horizontal axis. */
  readonly x: AxisOptions;
  /** The vertical axis. */
  readonly y: AxisOptions;
  /** What is drawn, the hindmost first. */
  readonly marks: readonly Mark[];
}

/** Room above the plot for the title of the vertical axis. */
const ABOVE = 26;

/** From the end of a mark to its name. */
const LABEL_GAP = 8;

/**
 * Marks over two axes. Names of marks stand beside their right ends, moved apart where they would
 * overlap, so no legend is needed. Without any finite value the chart says so.
 */
export function chart({ width, height, x, y, marks }: ChartOptions): Figure {
  const names = marks.map(({ label }) => label).filter((label) => label !== undefined);
  const room = names.map(({ content }) => textWidth(content, { size: AXIS_SIZE }) + LABEL_GAP);
  const right = width - Math.max(8, ...room);
  const bottom = height - BELOW;
  const vertical = scaleOf(y, marks.flatMap(({ ys }) => ys), [bottom, ABOVE]);
  const left = (vertical === undefined ? 0 : labelsWidth(vertical)) + 8;
  const horizontal = scaleOf(x, marks.flatMap(({ xs }) => xs), [left, right], false);
  const box: Box = { left, right, top: ABOVE, bottom };
  if (horizontal === undefined || vertical === undefined) {
    return { width, height, markup: text(0, ABOVE, "No finite values", { tone: "muted" }) };
  }
  const markup = [
    verticalAxis(vertical, box, y.title),
    horizontalAxis(horizontal, box, x.title),
    ...marks.map((mark) => mark.draw(horizontal, vertical)),
    directLabels(names, vertical, right + LABEL_GAP),
  ];
  return { width, height, markup: markup.filter((each) => each !== "").join("\n") };
}

function scaleOf(
  axis: AxisOptions,
  values: readonly number[],
  range: readonly [number, number],
  nice = true,
): Scale | undefined {
  const log = axis.scale === "log";
  const usable = log ? values.filter((value) => value > 0) : values;
  const domain = axis.domain ?? extent(axis.zero === true ? [0, ...usable] : usable);
  if (domain === undefined || extent(usable) === undefined) return undefined;
  const { count, ticks } = axis;
  return (log ? logScale : linearScale)({
    domain,
    range,
    nice: nice && axis.domain === undefined,
    ...(count === undefined ? {} : { count }),
    ...(ticks === undefined ? {} : { ticks }),
  });
}

/** Names at the right ends of marks, each at least a line's height from the next. */
function directLabels(labels: readonly DirectLabel[], scale: Scale, x: number): string {
  const places = labels
    .map((label) => ({ ...label, y: scale.at(label.y) }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  const heights = spread(places.map(({ y }) => y), AXIS_SIZE * 1.3, scale.range);
  return places
    .map(({ content, tone }, i) =>
      text(x, (heights[i] as number) + 4, content, { size: AXIS_SIZE, tone })
    )
    .join("");
}

/**
 * Rising places moved apart until neighbours are `gap` apart, within a range where they all fit.
 *
 * Each place in turn joins the block above it if it is too near; a block stands around the mean of
 * the places that it was made of, so nothing moves farther than it must.
 */
export function spread(
  places: readonly number[],
  gap: number,
  range: readonly [number, number],
): readonly number[] {
  const lowest = Math.min(...range);
  const highest = Math.max(...range);
  let blocks: { readonly middle: number; readonly size: number }[] = [];
  for (const place of places) {
    let block = { middle: place, size: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (block.middle - last.middle >= (gap * (block.size + last.size)) / 2) break;
      const size = block.size + last.size;
      block = { middle: (block.middle * block.size + last.middle * last.size) / size, size };
      blocks = blocks.slice(0, -1);
    }
    blocks.push(block);
  }
  const apart = blocks.flatMap(({ middle, size }) =>
    Array.from({ length: size }, (_, i) => middle + (i - (size - 1) / 2) * gap)
  );
  const over = Math.max(0, (apart.at(-1) ?? lowest) - highest);
  return apart.map((place, i) => Math.max(lowest + i * gap, place - over));
}
