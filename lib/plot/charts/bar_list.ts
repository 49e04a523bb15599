import { largestOrZero } from "../numbers.ts";
import type { Figure } from "../figure.ts";
import { element, hoverTitle } from "../svg.ts";
import { drawText, TEXT_SIZE } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fillClass, type Tone } from "../theme.ts";

/** A bar with a name and a label. */
export interface BarItem {
  /** Name to the left of the bar. */
  readonly name: string;
  /** Value that the length of the bar shows, at least 0. A non-finite value has no bar. */
  readonly value: number;
  /** Text after the end of the bar. */
  readonly label: string;
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Hover title of the bar. Defaults to none. */
  readonly title?: string;
}

/** Options of a list of bars. */
export interface BarListOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** The bars, from top to bottom. */
  readonly items: readonly BarItem[];
  /** Value whose bar has the largest possible length. Defaults to the largest value of the items. */
  readonly most?: number;
  /** Vertical distance from one bar to the next in pixels. Defaults to 20. */
  readonly step?: number;
  /** Width in pixels to which names are cut. Defaults to half the width of the figure. */
  readonly longestName?: number;
}

/** Space [px] between a name and its bar, and between a bar and its label. */
const GAP = 8;

/** Thickness of a bar, as a fraction of the distance from one bar to the next. */
const THICKNESS = 0.6;

/** Smallest length [px] of a bar that is not 0, so that its colour is visible. */
const SHORTEST = 1.5;

/** Draws horizontal bars one below the other, each with its name on the left and its label at its end. */
export function barList(options: BarListOptions): Figure {
  const { width, items, most, step = 20, longestName = width / 2 } = options;
  const widest = (texts: readonly string[]) =>
    largestOrZero(texts.map((content) => textWidth(content, { size: TEXT_SIZE })));
  const left = Math.min(longestName, widest(items.map(({ name }) => name))) + GAP;
  const room = width - left - GAP - widest(items.map(({ label }) => label));
  const full = most ?? largestOrZero(items.map(({ value }) => value).filter(Number.isFinite));
  const thickness = THICKNESS * step;
  const markup = items.map(({ name, value, label, tone = "blue", title }, index) => {
    const middle = (index + 0.5) * step;
    const share = full > 0 && Number.isFinite(value) ? Math.min(1, value / full) : 0;
    const length = share > 0 ? Math.max(SHORTEST, share * room) : 0;
    const bar = { x: left, y: middle - thickness / 2, width: length, height: thickness };
    return drawText(0, middle + 4, name, { width: longestName }) +
      element(
        "rect",
        { class: fillClass(tone), ...bar },
        title === undefined ? "" : hoverTitle(title),
      ) +
      drawText(left + length + GAP, middle + 4, label, { tone: "muted" });
  });
  return { width, height: items.length * step, markup: markup.join("\n") };
}
