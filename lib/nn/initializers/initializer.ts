/**
 * The type of initializers.
 *
 * @module
 */
import type { Key, Shape, Tensor } from "../../tensor/mod.ts";

/** Numbers of inputs and outputs of a parameter, which determine the variance of its initial values. */
export interface Fans {
  /** Number of inputs that are summed to each output. */
  readonly fanIn: number;
  /** Number of outputs that each input contributes to. */
  readonly fanOut: number;
}

/**
 * A pure function that returns the initial values of a parameter, given a random key, the parameter's shape and its
 * numbers of inputs and outputs.
 */
export type Initializer = (key: Key, shape: Shape, fans: Fans) => Tensor;
