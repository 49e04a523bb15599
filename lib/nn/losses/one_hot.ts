import { z } from "zod";
import {
  broadcastColumn,
  columnIndex,
  dimension,
  equalInteger,
  type Operand,
  rowIndex,
  select,
  type Tensor,
} from "../../tensor/mod.ts";

/** Mask [batch, classes] that is set at the label of each sample: labels integer [batch]. */
export function atLabel(labels: Tensor, classes: number): Tensor {
  const columns = columnIndex([dimension(labels, 0), classes]);
  return equalInteger(columns, broadcastColumn(labels, classes));
}

/** One-hot rows [batch, classes]: 1 at the label of each sample, else 0; labels integer [batch]. */
export function oneHot(labels: Tensor, classes: number): Tensor {
  return select(atLabel(labels, classes), 1, 0);
}

/** Options of losses that weigh classes. */
export interface ClassWeights {
  /** A weight for each class, by which the losses of its samples are multiplied. */
  readonly classWeights?: readonly number[] | undefined;
}

export const classWeightsSchema = z.array(z.number().min(0)).min(2).optional()
  .describe("a weight for each class, by which the losses of its samples are multiplied");

/** The weight of each sample's class [batch]; labels integer [batch]. */
export function weightsOf(weights: readonly number[], labels: Tensor): Tensor {
  const chosen = weights.reduce<Operand>(
    (others, weight, label) => select(equalInteger(labels, label), weight, others),
    0,
  );
  return chosen as Tensor;
}

/** The weights as a vector [classes]. */
export function weightVector(weights: readonly number[]): Tensor {
  return weightsOf(weights, rowIndex([weights.length]));
}

export function checkClassWeights(weights: readonly number[] | undefined, classes: number): void {
  if (weights === undefined || weights.length === classes) return;
  throw new RangeError(
    `Cannot weigh classes: expected ${classes} classWeights, one for each class: ` +
      `received ${weights.length}`,
  );
}
