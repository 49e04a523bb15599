/**
 * The logistic sigmoid and its integral, the softplus, as expressions in exp and log without overflow or
 * cancellation.
 *
 * Error bounds below are of first order in u, the unit roundoff of the precision, 2⁻²⁴ or 2⁻⁵³. They follow
 * from the accuracy of exp and log that tests check: within 2 units in the last place, 4 u. Results below
 * the smallest normal number have the errors of subnormal numbers.
 *
 * @module
 */

import {
  abs,
  add,
  div,
  equal,
  exp,
  less,
  log,
  max,
  mul,
  neg,
  select,
  sub,
} from "../elementwise.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Computes the logistic sigmoid 1 / (1 + e^(−x)). Its relative error is at most 6 u, where u is the unit
 * roundoff.
 *
 * With e = e^(−|x|) ≤ 1, it is 1 / (1 + e) for x ≥ 0 and e / (1 + e) for x < 0. The result has at most the
 * error of e, 4 u, and u of each of two operations.
 */
export function sigmoid(x: Tensor): Tensor {
  const e = exp(neg(abs(x)));
  return div(select(less(x, 0), e, 1), add(1, e));
}

/**
 * Computes log(1 + x) for finite x ≥ 0, accurately also for small x: x · log(w) / (w − 1), where w is 1 + x
 * after rounding, and x if w is 1. The quotient log(w) / (w − 1) is almost the same for 1 + x and w, so the
 * rounding does not matter (Goldberg, "What every computer scientist should know about floating-point
 * arithmetic", 1991, theorem 4).
 *
 * The relative error is at most 8 u, where u is the unit roundoff: 5 u by the theorem, whose log is exact to
 * half a unit in the last place, and 3 u because this log is exact to 2.
 */
export function log1p(x: Tensor): Tensor {
  const w = add(1, x);
  return select(equal(w, 1), x, div(mul(x, log(w)), sub(w, 1)));
}

/**
 * Computes the softplus log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|)). Its relative error is at most 13 u,
 * where u is the unit roundoff: 4 u of e^(−|x|), 8 u of the logarithm, and u of the sum.
 */
export function softplus(x: Tensor): Tensor {
  return add(max(x, 0), log1p(exp(neg(abs(x)))));
}
