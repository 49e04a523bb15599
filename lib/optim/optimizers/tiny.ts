import { abs, less, select, type Tensor } from "../../tensor/mod.ts";

/** Below this, a running mean of gradients moves no parameter by as much as its rounding. */
const TINY = 1e-30;

/**
 * Below this, a running mean of squares has a root of 1e-18 or less, which disappears beside any
 * epsilon that keeps a division safe.
 */
const TINY_SQUARE = 1e-36;

/**
 * The mean [n], with 0 in the place of numbers below 1e-30.
 *
 * Where gradients stop, as those of pixels do that are white in every image, a mean shrinks by its decay
 * at every step. After some hundred steps it is subnormal, below 1.2e-38, and stays so; processors
 * take a multiple of the time to compute with such numbers.
 */
export function withoutTiny(mean: Tensor): Tensor {
  return select(less(abs(mean), TINY), 0, mean);
}

/** The same for a mean of squares [n]: 0 in the place of numbers below 1e-36. */
export function withoutTinySquares(mean: Tensor): Tensor {
  return select(less(mean, TINY_SQUARE), 0, mean);
}
