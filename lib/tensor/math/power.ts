/**
 * Powers with integer exponents, as expressions.
 *
 * @module
 */
import { add, and, equalInteger, mul, select, sub } from "../elementwise.ts";
import { constant, type Tensor } from "../tensor.ts";

/**
 * Computes base^exponent for an integer tensor of exponents ≥ 0, for example step numbers, as the product of
 * base^(2^bit) over the set bits. Each factor is computed in double precision and rounded once, so the error
 * is that of at most 31 products, however large the exponent.
 */
export function power(base: number, exponent: Tensor): Tensor {
  let factor = base;
  let product: Tensor = constant(1);
  for (let bit = 0; bit < 31; bit++, factor *= factor) {
    const unset = equalInteger(and(exponent, 1 << bit), 0);
    product = mul(product, select(unset, 1, factor));
  }
  return product;
}

/**
 * Computes 1 − base^exponent for an integer tensor of exponents ≥ 0, with full relative precision even where
 * the power is close to 1.
 *
 * The power is a product of factors base^(2^bit). With p the product so far and d = 1 − f for the next factor
 * f, the complement becomes 1 − p f = (1 − p) + p d. The factor after it, f², has 1 − f² = d (2 − d). Nothing
 * cancels if base lies in [0, 1].
 */
export function powerComplement(base: number, exponent: Tensor): Tensor {
  let lack = 1 - base;
  let complement: Tensor = constant(0);
  for (let bit = 0; bit < 31; bit++, lack *= 2 - lack) {
    const unset = equalInteger(and(exponent, 1 << bit), 0);
    const rest = mul(sub(1, complement), lack);
    complement = add(complement, select(unset, 0, rest));
  }
  return complement;
}
