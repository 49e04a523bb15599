/**
 * Flushes tiny elements of running means to zero, which keeps training fast.
 *
 * @module
 */
import { abs, less, select, type Tensor } from "../../tensor/mod.ts";

/** Absolute value below which a running mean of gradients changes no parameter by more than its rounding. */
const TINY = 1e-30;

/**
 * Value below which a running mean of squares has a root of at most 1e-18, which is negligible beside any
 * epsilon in a denominator.
 */
const TINY_SQUARE = 1e-36;

/**
 * Sets elements of a mean [n] to 0 if their absolute value is below 1e-30.
 *
 * Where gradients are always 0, as for pixels that are white in every image, a mean shrinks by its decay at
 * every step. After some hundred steps it is subnormal, below 1.2e-38, and stays so; processors are many
 * times slower with such numbers.
 */
export function flushTiny(mean: Tensor): Tensor {
  return select(less(abs(mean), TINY), 0, mean);
}

/** Sets elements of a mean of squares [n] to 0 if they are below 1e-36. */
export function flushTinySquares(mean: Tensor): Tensor {
  return select(less(mean, TINY_SQUARE), 0, mean);
}
