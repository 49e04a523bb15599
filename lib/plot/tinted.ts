import type { Image } from "./png.ts";
import { SERIES } from "./look.ts";
import { DARK, LIGHT, type Tone } from "./theme.ts";

/** Class of each pixel of an image, and the strength of its colour. */
export interface ClassPixels {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Class of each pixel, row-major [height, width]. */
  readonly classes: ArrayLike<number>;
  /** Strength of the colour of each pixel, 0 to 1, row-major [height, width]. */
  readonly strengths: ArrayLike<number>;
  /** Opacity of a pixel with strength 1. Defaults to 0.55, on which dots of the same colour are visible. */
  readonly opacity?: number;
}

/** Number of distinct strengths besides 0. */
const STEPS = 31;

/**
 * Colours of classes in the order of {@linkcode SERIES}, each repeated for all strengths, which differ in
 * opacity.
 */
const PALETTE = Uint8Array.from(
  SERIES.flatMap((tone) => Array.from({ length: STEPS + 1 }, () => betweenThemes(tone)).flat()),
);

/**
 * Returns an image in which each pixel has the colour of its class, as in `dotLook`. Pixels are more opaque
 * the higher their strength, so that the paper of the light or the dark theme is visible behind them.
 */
export function tintedImage(
  { width, height, classes, strengths, opacity = 0.55 }: ClassPixels,
): Image {
  const pixels = Uint8Array.from({ length: width * height }, (_, pixel) => {
    const strength = Math.max(0, Math.min(1, strengths[pixel]));
    return (classes[pixel] % SERIES.length) * (STEPS + 1) + Math.round(strength * STEPS);
  });
  const opacities = Uint8Array.from(
    { length: PALETTE.length / 3 },
    (_, colour) => Math.round(255 * opacity * (colour % (STEPS + 1)) / STEPS),
  );
  return { width, height, channels: 1, pixels, palette: PALETTE, opacities };
}

/** Returns red, green and blue of a colour halfway between its values in the light and in the dark theme. */
function betweenThemes(tone: Tone): readonly number[] {
  return [1, 3, 5].map((at) => {
    const [light, dark] = [LIGHT, DARK].map((theme) => parseInt(theme[tone].slice(at, at + 2), 16));
    return Math.round((light + dark) / 2);
  });
}
