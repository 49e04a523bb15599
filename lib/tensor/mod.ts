/**
 * Tensors: the expressions that networks, losses and optimizers are written in.
 *
 * @module
 */

export * from "./tensor.ts";
export type * from "./operations.ts";
export * from "./elementwise.ts";
export * from "./structured.ts";
export * from "./images.ts";
export { topologicalOrder } from "./graph.ts";
export { log1p, sigmoid, softplus } from "./math/logistic.ts";
export { power, powerComplement } from "./math/power.ts";
export {
  chance,
  type Drawing,
  normal,
  normalOf,
  normalUnits,
  threefryOf,
  uniform,
  unit,
} from "./sample.ts";
export { below, type Key, key, permutation, subkey, threefry } from "./random.ts";
