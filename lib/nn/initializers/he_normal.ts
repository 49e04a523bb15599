/**
 * He's initialization, normal:  W ~ N(0, 2 / fanIn)
 *
 * He, Zhang, Ren and Sun, "Delving deep into rectifiers" (ICCV 2015), equation 10: the variance that keeps
 * the size of the signal constant from layer to layer when ReLU sets half of it to zero.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, normal } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with normal numbers of mean 0 and standard deviation √(2 / fanIn). */
export function heNormal(): Initializer {
  return (key, shape, { fanIn }) => mul(normal(key, shape), Math.sqrt(2 / fanIn));
}

export const heNormalEntry: Entry<Record<string, never>, Initializer> = entry({
  doc: "Normal, variance 2 / fan-in (He et al., 2015): for layers followed by ReLU",
  create: heNormal,
});
