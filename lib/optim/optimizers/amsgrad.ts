/**
 * AMSGrad (Reddi, Kale and Kumar, ICLR 2018, algorithm 2): Adam with the largest v so far,
 *
 *     m' = beta1 m + (1 − beta1) g
 *     v' = beta2 v + (1 − beta2) g²
 *     w' = max(w, v')
 *     p' = p − rate m̂ / (√ŵ + epsilon)     m̂ = m' / (1 − beta1ᵗ)   ŵ = w' / (1 − beta2ᵗ)
 *
 * so that no parameter's rate ever rises. As in PyTorch, and unlike in the paper, both are corrected as in
 * Adam (see `adam.ts`), after the maximum.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { max, sub } from "../../tensor/mod.ts";
import { adamMeans, adamMove, type AdamOptions, adamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";

/** Returns AMSGrad: Adam that divides by the root of the largest mean squared gradient so far. */
export function amsgrad(overrides: AdamOptions = {}): Optimizer<"first" | "second" | "largest"> {
  const options = withDefaults(adamOptions, overrides);
  return {
    slots: ["first", "second", "largest"],
    update(params, grads, slots, inputs) {
      const { first, second } = adamMeans(grads, slots, options);
      const largest = max(slots.largest, second);
      const move = adamMove({ first, second: largest }, options, inputs);
      return { params: sub(params, move), slots: { first, second, largest } };
    },
  };
}

export const amsgradEntry: Entry<AdamOptions, Optimizer<"first" | "second" | "largest">> = entry({
  doc: "AMSGrad: Adam with the largest mean squared gradient so far, so that no rate rises",
  options: adamOptions,
  create: amsgrad,
});
