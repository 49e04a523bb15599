/**
 * Softmax of the network's output, without overflow.
 *
 *     p = exp(z − m) / s      m = max of the row of z,  s = Σ exp(z − m) over the row
 *
 *     z, p [batch, classes]   m, s [batch]
 *
 * Without subtracting the maximum, exp would overflow for large outputs. With it, s lies between 1 and the
 * number of classes.
 *
 * @module
 */
import {
  broadcastColumn,
  dimension,
  div,
  exp,
  max,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";

/**
 * Computes three tensors from logits z [batch, classes], where m is the maximum of each row: z − m (`shifted`), its
 * exponentials (`powers`), and the sum of these over each row (`sums` [batch]).
 */
export function shiftedExponentials(
  logits: Tensor,
): { readonly shifted: Tensor; readonly powers: Tensor; readonly sums: Tensor } {
  const classes = dimension(logits, 1);
  const shifted = sub(logits, broadcastColumn(max(logits, "columns"), classes));
  const powers = exp(shifted);
  return { shifted, powers, sums: sum(powers, "columns") };
}

/** Computes the softmax of each row of the logits [batch, classes]. */
export function softmax(logits: Tensor): Tensor {
  const { powers, sums } = shiftedExponentials(logits);
  return div(powers, broadcastColumn(sums, dimension(logits, 1)));
}
