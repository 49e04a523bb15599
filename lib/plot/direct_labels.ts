import { largestOrZero } from "./numbers.ts";
import { AXIS_SIZE } from "./axes/axes.ts";
import type { DirectLabel } from "./marks/mark.ts";
import type { Scale } from "./axes/scale.ts";
import { drawText } from "./text.ts";
import { textWidth } from "./text_width.ts";

/** Distance [px] between the end of a mark and its name. */
export const LABEL_GAP = 8;

/** Vertical distance [px] between names. */
const LINE = AXIS_SIZE * 1.3;

/** Smallest horizontal distance [px] between names. */
const BETWEEN = 10;

/** Returns whether names fit one below the other into a height [px]. */
export function labelsFitBeside(labels: readonly DirectLabel[], height: number): boolean {
  return (labels.length - 1) * LINE <= height;
}

/** Returns the width [px] that names need beside the right ends of their marks; 0 if there are no names. */
export function directLabelsWidth(labels: readonly DirectLabel[]): number {
  return largestOrZero(labels.map(({ entry }) => nameWidth(entry.name) + LABEL_GAP));
}

/**
 * Draws the names of marks beside the right ends of the marks. Names that would overlap are moved up or down.
 *
 * @param scale vertical scale
 */
export function drawLabelsBeside(
  labels: readonly DirectLabel[],
  scale: Scale,
  { left, width }: { readonly left: number; readonly width: number },
): string {
  const placed = sortByPosition(labels, scale);
  const heights = moveApart(placed.map(({ place }) => place), LINE, scale.range);
  return placed.map(({ entry: { name, tone } }, i) =>
    drawText(left, heights[i] + 4, name, { size: AXIS_SIZE, tone, width })
  ).join("");
}

/**
 * Draws the names of vertical marks above the marks, in a row. Names that would overlap are moved to the left
 * or right.
 *
 * @param scale horizontal scale
 * @param bottom baseline of the names [px]
 */
export function drawLabelsAbove(
  labels: readonly DirectLabel[],
  scale: Scale,
  bottom: number,
): string {
  const placed = sortByPosition(labels, scale);
  const [left, right] = scale.range;
  const share = (right - left) / Math.max(1, placed.length) - BETWEEN;
  const width = Math.min(share, largestOrZero(placed.map(({ entry }) => nameWidth(entry.name))));
  const ends = [left + width / 2, right - width / 2] as const;
  const middles = moveApart(placed.map(({ place }) => place), width + BETWEEN, ends);
  return placed.map(({ entry: { name, tone } }, i) =>
    drawText(middles[i], bottom, name, { size: AXIS_SIZE, tone, width, anchor: "middle" })
  ).join("");
}

/**
 * Returns labels with their positions [px], in rising order. Labels without a finite position are omitted.
 */
function sortByPosition(labels: readonly DirectLabel[], scale: Scale) {
  const [low, high] = scale.domain;
  return labels
    .filter(({ at, within = false }) => !within || (at >= low && at <= high))
    .map(({ entry, at }) => ({ entry, place: scale.at(at) }))
    .filter(({ place }) => Number.isFinite(place))
    .sort((a, b) => a.place - b.place);
}

/** Returns the width [px] of a name. */
function nameWidth(name: string): number {
  return textWidth(name, { size: AXIS_SIZE });
}

/**
 * Moves positions apart until neighbours are at least `gap` apart, and keeps them within a range if they fit.
 *
 * Positions that are too close form a block, which is centred on the mean of its original positions, so that
 * movements are small.
 *
 * @param positions positions [px], rising
 */
export function moveApart(
  positions: readonly number[],
  gap: number,
  range: readonly [number, number],
): readonly number[] {
  const lowest = Math.min(...range);
  const highest = Math.max(...range);
  let blocks: { readonly middle: number; readonly size: number }[] = [];
  for (const place of positions) {
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
