/**
 * One-hot labels and class weights, for losses.
 *
 * @module
 */
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

/** Returns the mask [batch, classes] that is set at the label of each sample; labels integer [batch]. */
export function labelMask(labels: Tensor, classes: number): Tensor {
  const columns = columnIndex([dimension(labels, 0), classes]);
  return equalInteger(columns, broadcastColumn(labels, classes));
}

/** Returns one-hot rows [batch, classes]: 1 at the label of each sample, else 0; labels integer [batch]. */
export function oneHot(labels: Tensor, classes: number): Tensor {
  return select(labelMask(labels, classes), 1, 0);
}

/** Options of losses with class weights. */
export interface ClassWeights {
  /** Factor of the loss of each class's samples, in the order of the classes. Defaults to 1 for all. */
  readonly classWeights?: readonly number[] | undefined;
}

/** Schema of the option `classWeights`. */
export const classWeightsSchema = z.array(z.number().min(0)).min(2).optional()
  .describe("factor of the loss of each class's samples");

/** Returns the weight of each sample's class [batch]; labels integer [batch]. */
export function sampleWeights(weights: readonly number[], labels: Tensor): Tensor {
  const chosen = weights.reduce<Operand>(
    (others, weight, label) => select(equalInteger(labels, label), weight, others),
    0,
  );
  return chosen as Tensor;
}

/** Returns the weights of the classes as a tensor [classes]. */
export function weightVector(weights: readonly number[]): Tensor {
  return sampleWeights(weights, rowIndex([weights.length]));
}

/**
 * Checks that there is a weight for each class. Accepts undefined, which stands for equal weights.
 *
 * @throws {RangeError} if the number of weights is not the number of classes
 */
export function expectClassWeights(weights: readonly number[] | undefined, classes: number): void {
  if (weights === undefined || weights.length === classes) return;
  throw new RangeError(
    `Cannot weight classes: expected ${classes} classWeights, one for each class: ` +
      `received ${weights.length}`,
  );
}
