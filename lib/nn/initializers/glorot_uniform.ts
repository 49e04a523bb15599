/**
 * Glorot's initialization, uniform:  W ~ U(−a, a),  a = √(6 / (fanIn + fanOut))
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
 * (AISTATS 2010), equation 16 ("normalized initialization"): a compromise between constant variance of the
 * signal in the forward pass and of the gradient in the backward pass.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { uniform } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with uniform numbers between ±√(6 / (fanIn + fanOut)). */
export function glorotUniform(): Initializer {
  return (key, shape, { fanIn, fanOut }) => {
    const bound = Math.sqrt(6 / (fanIn + fanOut));
    return uniform(key, shape, -bound, bound);
  };
}

export const glorotUniformEntry: Entry<Record<string, never>, Initializer> = entry({
  doc:
    "Uniform, variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010): for linear layers and tanh",
  create: glorotUniform,
});
