import { drawText } from "../text.ts";
import { textWidth } from "../text_width.ts";
import type { Tone } from "../theme.ts";
import { type Mark, pairedNumbers, type Points } from "./mark.ts";

/** Options of labels. */
export interface LabelsOptions {
  /** Function that returns the text at a point by its index. */
  readonly content: (index: number) => string;
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Font size in pixels. Defaults to 11. */
  readonly size?: number;
  /** Space between a point and its text in pixels. Defaults to 5. */
  readonly gap?: number;
  /** Side of the point on which a text is placed if there is room. Defaults to right. */
  readonly side?: "left" | "right";
}

/** Sides of the area that a text covers [px]. */
interface TextBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Candidate positions of a text: first to the right of its point, then around it and farther away. */
const SIDES: readonly (readonly [number, number])[] = [
  ...[[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]] as const,
  ...[[2, -2], [2, 2], [-2, -2], [-2, 2], [0, -3], [0, 3], [3, 0], [-3, 0]] as const,
];

/**
 * Returns a mark with a text beside each point. Texts are within the plot and, if there is room, do not cover
 * points or each other. A point that is not finite, or not on the scale, has no text.
 *
 * @throws {TypeError} if x and y differ in length
 */
export function labels(points: Points, options: LabelsOptions): Mark {
  const { content, tone = "ink", size = 11, gap = 5, side = "right" } = options;
  const { x, y } = pairedNumbers("labels", points);
  const sides = SIDES.map(([across, down]) => [side === "left" ? -across : across, down] as const);
  return {
    xs: x,
    ys: y,
    draw(horizontal, vertical) {
      const places = x.map((value, index) => ({
        left: horizontal.at(value),
        top: vertical.at(y[index]),
        index,
      })).filter(({ left, top }) => Number.isFinite(left) && Number.isFinite(top));
      const radius = gap - 2;
      const taken: TextBox[] = places.map(({ left, top }) =>
        makeBox(left - radius, top, 2 * radius, 2 * radius)
      );
      return places.map(({ left, top, index }) => {
        const shown = content(index);
        const width = textWidth(shown, { size });
        const boxes = sides.map(([across, down]) =>
          makeBox(
            left + across * gap - (across < 0 ? width : across === 0 ? width / 2 : 0),
            top + down * (down === 0 ? 0 : gap + size / 3),
            width,
            0.8 * size,
          )
        );
        const between = boxes.filter(({ left, right }) =>
          left >= Math.min(...horizontal.range) && right <= Math.max(...horizontal.range)
        );
        const inside = between.filter(({ top, bottom }) =>
          top >= Math.min(...vertical.range) && bottom <= Math.max(...vertical.range)
        );
        const isFree = (box: TextBox) => !taken.some((other) => boxesOverlap(box, other));
        const box = [...inside, ...between].find(isFree) ?? between[0] ?? boxes[0];
        taken.push(box);
        return drawText(box.left, box.bottom, shown, { size, tone });
      }).join("");
    },
  };
}

/** Returns the box with a left side, a vertical middle, a width and a height [px]. */
function makeBox(left: number, middle: number, width: number, height: number): TextBox {
  return { left, right: left + width, top: middle - height / 2, bottom: middle + height / 2 };
}

/** Returns whether two boxes overlap. */
function boxesOverlap(a: TextBox, b: TextBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
