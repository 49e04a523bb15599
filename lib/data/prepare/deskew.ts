/**
 * Deskewing of images.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import type { ImageSize } from "../../tensor/mod.ts";
import { computeMoments, type ImageMap, type Preparer, roundTo8Bits } from "./image.ts";

/**
 * Returns the preparation that shears an image along its rows until its slant vanishes:
 *
 *     y'(r, c) = v(r, c + α (r − r̄)),   α = μ₁₁ / μ₀₂,
 *     μ₁₁ = Σ v (c − c̄)(r − r̄) / Σ v,   μ₀₂ = Σ v (r − r̄)² / Σ v,   (r̄, c̄) the centre of mass
 *
 * A pixel at (r, c) moves to c − α (r − r̄), which changes μ₁₁ to μ₁₁ − α μ₀₂ = 0 and keeps the centre of
 * mass. Values between pixels are interpolated linearly; outside the image they are 0.
 *
 * Source: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
 * section III, which shifts lines until the principal axis of the second moments is vertical. Pixels are 1
 * or 0 there; here they are weighted by their grey values.
 */
export function deskew(): Preparer {
  return (size) => (image, out) => {
    const { mass, x, y, xy, yy } = computeMoments(image, size);
    const spread = mass * yy - y * y; // mass² μ₀₂, a whole number like the numerator below
    const slant = spread === 0 ? 0 : (mass * xy - x * y) / spread;
    const middle = mass === 0 ? 0 : y / mass;
    shearMap(size, slant, middle)(image, out);
  };
}

/**
 * Returns a function that shears an image along its rows. It moves the content of each row to the left by
 * `slant` times the distance of the row below `middleRow`, the row of the centre of mass (with fractions).
 */
function shearMap({ height, width }: ImageSize, slant: number, middleRow: number): ImageMap {
  return (image, out) => {
    for (let row = 0; row < height; row++) {
      const shift = slant * (row - middleRow);
      const whole = Math.floor(shift);
      const part = shift - whole;
      const start = row * width;
      for (let column = 0; column < width; column++) {
        const from = column + whole;
        const left = from >= 0 && from < width ? image[start + from] : 0;
        const right = from >= -1 && from < width - 1 ? image[start + from + 1] : 0;
        out[start + column] = roundTo8Bits((1 - part) * left + part * right);
      }
    }
  };
}

export const deskewEntry: Entry<Record<string, never>, Preparer> = entry({
  doc: "Shears images along their rows so that their slant vanishes",
  create: deskew,
});
