/**
 * Draws positive and negative numbers as images on a diverging scale: white at zero, blue below, vermilion
 * above.
 *
 * The end colours are those of Okabe and Ito ("Color universal design", 2002), which are distinct for every
 * kind of colour blindness. Zero is white in both themes, so that an image reads the same in both.
 *
 * @module
 */
import { AXIS_SIZE } from "./axes/axes.ts";
import type { Figure } from "./figure.ts";
import { formatNumber } from "../format/numbers.ts";
import { type Image, pngDataUri } from "./png.ts";
import { extent } from "./axes/scale.ts";
import { element, HREF } from "./svg.ts";
import { drawText } from "./text.ts";

/** Red, green and blue of the lowest number. */
const NEGATIVE = [0x00, 0x72, 0xb2] as const;
/** Red, green and blue of the highest number. */
const POSITIVE = [0xd5, 0x5e, 0x00] as const;
const WHITE = 255;

/** Number of colours on each side of white. */
const STEPS = 31;

/** Index of the colour of non-finite values, after all others. */
const MISSING = 2 * STEPS + 1;

/**
 * Red, green and blue of 64 colours: from blue through white to vermilion, and then grey.
 */
const PALETTE = Uint8Array.from([
  ...Array.from({ length: MISSING }, (_, index) => divergingColour(index - STEPS)).flat(),
  0x99,
  0x99,
  0x99,
]);

/** One number for each pixel of an image. */
export interface PixelValues {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Number of each pixel, row-major [height, width]. */
  readonly values: ArrayLike<number>;
}

/** Returns the largest magnitude of finite numbers, the limit of a diverging scale; 0 if there is none. */
export function largestMagnitude(values: Iterable<number>): number {
  const [low, high] = extent(values) ?? [0, 0];
  return Math.max(-low, high);
}

/**
 * Returns an image of numbers: blue below 0, white at 0, and vermilion above 0. The colours are strongest at
 * −limit and limit, and do not change beyond. Non-finite numbers are grey.
 *
 * @param limit magnitude of the strongest colours. Images that are compared need the same limit
 * @throws {RangeError} if the limit is negative or not finite
 */
export function divergingImage({ width, height, values }: PixelValues, limit: number): Image {
  if (!(limit >= 0 && limit < Infinity)) {
    throw new RangeError(`Cannot colour values: expected a limit >= 0: received ${limit}`);
  }
  const pixels = Uint8Array.from(values, (value) => {
    if (!Number.isFinite(value)) return MISSING;
    const share = limit === 0 ? 0 : Math.max(-1, Math.min(1, value / limit));
    return STEPS + Math.round(share * STEPS);
  });
  return { width, height, channels: 1, pixels, palette: PALETTE };
}

/**
 * Draws the scale of {@link divergingImage}: a bar with the colours from −limit to limit, and the numbers
 * below it.
 */
export function divergingBar(limit: number, { width }: { readonly width: number }): Figure {
  const ramp = Array.from({ length: MISSING }, (_, index) => index - STEPS);
  const image = divergingImage({ width: MISSING, height: 1, values: ramp }, STEPS);
  const bar = element("image", {
    class: "pixels",
    x: 0,
    y: 0,
    width,
    height: BAR,
    preserveAspectRatio: "none",
    "aria-label": "colours from the lowest to the highest value",
    [HREF]: pngDataUri(image),
  });
  const style = { size: AXIS_SIZE, tone: "muted" } as const;
  const y = BAR + AXIS_SIZE + 2;
  const names = drawText(0, y, formatNumber(-limit, 3), style) +
    drawText(width / 2, y, "0", { ...style, anchor: "middle" }) +
    drawText(width, y, formatNumber(limit, 3), { ...style, anchor: "end" });
  return { width, height: BAR + AXIS_SIZE + 6, markup: bar + names };
}

/** Height [px] of the bar. */
const BAR = 10;

/** Returns red, green and blue of a step from −31 (blue) through 0 (white) to 31 (vermilion). */
function divergingColour(step: number): readonly number[] {
  const share = Math.abs(step) / STEPS;
  const end = step < 0 ? NEGATIVE : POSITIVE;
  return end.map((channel) => Math.round(WHITE + (channel - WHITE) * share));
}
