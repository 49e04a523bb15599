/**
 * The logistic sigmoid and the softplus, whose derivative it is, as expressions in exp and log that
 * neither overflow nor cancel.
 *
 * With u the unit roundoff of the precision, 2⁻²⁴ or 2⁻⁵³, and exp and log as exact as the tests hold
 * them to be (within 2 units in the last place, 4 u), the errors stated below follow by first order;
 * results below the smallest normal number have those of such numbers.
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
 * Logistic sigmoid 1 / (1 + e^(−x)), of relative error 6 u at most.
 *
 * With e = e^(−|x|), which is at most 1, it is 1 / (1 + e) to the right of 0 and e / (1 + e) to the
 * left. Of the 4 u of e at most all remain in the result, and two operations add u each.
 */
export function sigmoid(x: Tensor): Tensor {
  const e = exp(neg(abs(x)));
  return div(select(less(x, 0), e, 1), add(1, e));
}

/**
 * log(1 + x) for finite x ≥ 0, small ones too: x · log(w) / (w − 1), where w is 1 + x as it is rounded, and x
 * where that is 1. The quotient hardly changes from 1 + x to w, so the rounding does not show
 * (Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991,
 * theorem 4). Its relative error is 8 u at most: 5 u of the theorem, whose log is within half a unit in
 * the last place where ours is within 2.
 */
export function log1p(x: Tensor): Tensor {
  const w = add(1, x);
  return select(equal(w, 1), x, div(mul(x, log(w)), sub(w, 1)));
}

/**
 * Softplus log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|)), of relative error 13 u at most: 4 u of e^(−|x|),
 * 8 u of the logarithm, and the sum's own.
 */
export function softplus(x: Tensor): Tensor {
  return add(max(x, 0), log1p(exp(neg(abs(x)))));
}
