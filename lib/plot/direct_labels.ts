import { AXIS_SIZE } from "./axes.ts";
import type { DirectLabel } from "./marks/mark.ts";
import type { Scale } from "./scale.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";

/** From the end of a mark to its name, in pixels. */
export const LABEL_GAP = 8;

/** Room that names beside the right ends of marks need, in pixels. */
export function directLabelsWidth(labels: readonly DirectLabel[]): number {
  const widths = labels.map(({ content }) => textWidth(content, { size: AXIS_SIZE }));
  return Math.max(0, ...widths.map((width) => width + LABEL_GAP));
}

/** Names at the right ends of marks, each at least a line's height from the next. */
export function directLabels(
  labels: readonly DirectLabel[],
  scale: Scale,
  { left, width }: { readonly left: number; readonly width: number },
): string {
  const places = labels
    .map((label) => ({ ...label, y: scale.at(label.y) }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  const heights = spread(places.map(({ y }) => y), AXIS_SIZE * 1.3, scale.range);
  return places
    .map(({ content, tone }, i) =>
      text(left, (heights[i] as number) + 4, content, { size: AXIS_SIZE, tone, width })
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
