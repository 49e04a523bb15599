import type { ImageSize } from "../../tensor/mod.ts";
import type { GreyImage } from "./size.ts";

/**
 * Resizes an image to another height and width by exact area averaging. Each new pixel is the mean of the
 * area that it covers in the original,
 *
 *     y(r, c) = ⌊Σ_i Σ_j o(i, r) p(j, c) v(i, j) / (H W) + 1/2⌋,
 *     o(i, r) = |[i h, (i + 1) h) ∩ [r H, (r + 1) H)|,   p(j, c) the same for columns
 *
 * for an image [H, W] that becomes [h, w]. All sums are of integers below 2⁵³, so results have the same
 * bits on every machine. The aspect ratio may change.
 */
export function resize({ height, width, values }: GreyImage, to: ImageSize): GreyImage {
  const out = new Uint8Array(to.height * to.width);
  const columns = new Float64Array(width); // Σ_i o(i, r) v(i, j) of one row r
  const [rows, across] = [coveredPixels(height, to.height), coveredPixels(width, to.width)];
  const area = height * width;
  rows.forEach(({ from, weights: down }, row) => {
    columns.fill(0);
    down.forEach((weight, index) => {
      const start = (from + index) * width;
      for (let column = 0; column < width; column++) {
        columns[column] += weight * values[start + column];
      }
    });
    across.forEach(({ from, weights }, column) => {
      let sum = 0;
      for (let index = 0; index < weights.length; index++) {
        sum += weights[index] * columns[from + index];
      }
      out[row * to.width + column] = Math.floor((2 * sum + area) / (2 * area));
    });
  });
  return { ...to, values: out };
}

/** The original pixels along one axis that a new pixel covers. */
interface CoveredPixels {
  /** Index of the first covered pixel. */
  readonly from: number;
  /**
   * Covered length of each of the covered pixels, in the unit that {@linkcode coveredPixels} states.
   */
  readonly weights: readonly number[];
}

/**
 * Returns for each of `newLength` new pixels the original pixels that it covers, along an axis of
 * `oldLength` original pixels. In the unit of the weights, an original pixel has the length `newLength`,
 * and a new pixel the length `oldLength`.
 */
function coveredPixels(oldLength: number, newLength: number): readonly CoveredPixels[] {
  return Array.from({ length: newLength }, (_, place) => {
    const [start, end] = [place * oldLength, (place + 1) * oldLength];
    const from = Math.floor(start / newLength);
    const length = Math.ceil(end / newLength) - from;
    const weights = Array.from({ length }, (_, index) => {
      const at = (from + index) * newLength;
      return Math.min(end, at + newLength) - Math.max(start, at);
    });
    return { from, weights };
  });
}
