/**
 * AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2): Adam with decoupled weight decay,
 *
 *     p' = p − rate weightDecay p − rate m̂ / (√v̂ + epsilon)
 *
 * with m̂ and v̂ as in `adam.ts`, which do not include the decay. The training step applies the decay before
 * the optimizer's update: to weights and not to biases, and by a layer's own value if it sets one. As in
 * PyTorch, the decay is multiplied by the whole rate; the paper's schedule multiplier is the rate divided by
 * its first value.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { adam, type AdamOptions, adamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { weightDecayOption } from "./shared_options.ts";

/** Options of AdamW. */
export interface AdamwOptions extends AdamOptions {
  /** Decoupled weight decay: each step multiplies weights by 1 − rate · weightDecay. */
  readonly weightDecay?: number;
}

/** Schema of AdamW's options, which Muon uses too. The default of the weight decay is PyTorch's. */
export const adamwOptions = adamOptions.extend({ weightDecay: weightDecayOption(0.01) });

/** Returns AdamW: Adam with decoupled weight decay. */
export function adamw(overrides: AdamwOptions = {}): Optimizer<"first" | "second"> {
  const { weightDecay, ...options } = withDefaults(adamwOptions, overrides);
  return { ...adam(options), weightDecay };
}

export const adamwEntry: Entry<AdamwOptions, Optimizer<"first" | "second">> = entry({
  doc: "AdamW: Adam with decoupled weight decay",
  options: adamwOptions,
  create: adamw,
});
