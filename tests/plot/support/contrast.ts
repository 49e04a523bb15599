/**
 * Contrast of colours, by the Web Content Accessibility Guidelines (WCAG) 2.1.
 *
 * @module
 */

/** Three numbers of a colour or of light. */
export type Triple = readonly [number, number, number];

/** Least contrast of text to what lies beneath it (WCAG 2.1, success criterion 1.4.3, level AA). */
export const LEAST_CONTRAST = 4.5;

/** The sum of the products. */
export function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Light of each channel of an sRGB colour of 0 to 255, 0 to 1 (IEC 61966-2-1). */
export function linear(colour: readonly number[]): Triple {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

/** Relative luminance of an sRGB colour (WCAG 2.1, "relative luminance"), 0 to 1. */
function luminance(colour: readonly number[]): number {
  return dot([0.2126, 0.7152, 0.0722], linear(colour));
}

/** Returns the contrast ratio of two sRGB colours (WCAG 2.1), 1 to 21. */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
