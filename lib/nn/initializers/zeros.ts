/**
 * Zeros: where biases start. (Weights cannot: all units of a layer would stay alike.)
 *
 * @module
 */
import { fill } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Zeros, whatever the key. */
export function zeros(): Initializer {
  return (_key, shape) => fill(0, shape);
}
