/**
 * Tensors: expressions in which networks, losses and optimizers are written.
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
  bernoulli,
  normal,
  normalFromBits,
  normalNoise,
  type RandomStream,
  threefryOf,
  uniform,
  unitInterval,
} from "./sample.ts";
export { below, type Key, key, permutation, subkey, threefry } from "./random.ts";
