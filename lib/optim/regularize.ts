/**
 * Regularization of parameters: penalties, weight decay and max-norm constraints.
 *
 *     L1          g' = g + λ sign(p)          of the penalty λ Σ |p| (Tibshirani, JRSS B 58(1), 1996)
 *     L2          g' = g + λ p                of the penalty ½ λ Σ p² (Hoerl and Kennard, Technometrics
 *                                             12(1), 1970), as PyTorch's weight_decay does
 *     decay       p' = p − rate λ p           decoupled: before the optimizer's update, not part of the
 *                                             gradient (Loshchilov and Hutter, "Decoupled weight decay
 *                                             regularization", ICLR 2019, algorithm 2, in PyTorch's order)
 *     max-norm    w' = w c / max(‖w‖, c)      of the weights into a unit, a column of [in, out], after
 *                                             the update (Srivastava et al., JMLR 15, 2014, section 5.1)
 *
 * Gradients of penalties are added after clipping. Reported losses do not include penalties.
 *
 * @module
 */
import type { Regularization } from "../nn/mod.ts";
import {
  add,
  broadcastRow,
  dimension,
  div,
  greater,
  less,
  max,
  mul,
  select,
  sqrt,
  sub,
  sum,
  type Tensor,
} from "../tensor/mod.ts";
import { type ParameterGroup, vectorOf, viewsOf } from "./parameter_groups.ts";

/** Adds the gradients of the penalties L1 and L2 on a group's parameters [size] to the group's gradient [size]. */
export function addPenalties(
  gradient: Tensor,
  params: Tensor,
  { l1 = 0, l2 = 0 }: Regularization,
): Tensor {
  const withL2 = l2 === 0 ? gradient : add(gradient, mul(params, l2));
  if (l1 === 0) return withL2;
  const slope = select(greater(params, 0), l1, select(less(params, 0), -l1, 0));
  return add(withL2, slope);
}

/** Applies decoupled weight decay to the parameters of a group [size], at the learning rate `rate` []. */
export function applyWeightDecay(
  params: Tensor,
  rate: Tensor,
  { weightDecay = 0 }: Regularization,
): Tensor {
  return weightDecay === 0 ? params : mul(params, sub(1, mul(rate, weightDecay)));
}

/** Applies the max-norm constraint to the columns of the matrices within a group's parameters [size]. */
export function applyMaxNorm(
  group: ParameterGroup,
  params: Tensor,
  { maxNorm }: Regularization,
): Tensor {
  if (maxNorm === undefined) return params;
  const views = Object.entries(viewsOf(group, params)).map(([name, view]) => [
    name,
    view.shape.length === 2 ? limitColumnNorms(view, maxNorm) : view,
  ]);
  return vectorOf(group, Object.fromEntries(views));
}

/** Scales the columns of a matrix [in, out] whose norm exceeds `limit` down to this norm. */
function limitColumnNorms(matrix: Tensor, limit: number): Tensor {
  const lengths = sqrt(sum(mul(matrix, matrix), "rows"));
  const shares = div(limit, max(lengths, limit));
  return mul(matrix, broadcastRow(shares, dimension(matrix, 0)));
}
