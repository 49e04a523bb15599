/**
 * Zeros, the initial values of biases. (With zero weights, all units of a layer would stay equal.)
 *
 * @module
 */
import { fill } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer that sets every element to 0. */
export function zeros(): Initializer {
  return (_key, shape) => fill(0, shape);
}
