/**
 * Powers of numbers in double precision, the same on every machine.
 *
 * @module
 */
import { exp, log } from "../../tensor/math/math.ts";

/**
 * Computes base^exponent for a base and an exponent ≥ 0: by squaring if the exponent is an integer, else by exp
 * and log.
 */
export function power(base: number, exponent: number): number {
  if (!Number.isInteger(exponent)) return base === 0 ? 0 : exp(exponent * log(base));
  let product = 1;
  let factor = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2), factor *= factor) {
    if (rest % 2 === 1) product *= factor;
  }
  return product;
}
