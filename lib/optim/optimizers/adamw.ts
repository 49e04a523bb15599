/**
 * AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2): Adam with decoupled weight decay,
 *
 *     p' = p − rate weightDecay p − rate m̂ / (√v̂ + epsilon)
 *
 * with m̂ and v̂ as in `adam.ts`; the decay does not enter them. The training step takes the decay off
 * before the rule sees the parameters, from weights and not from biases, and by what a layer says of
 * itself where it says something. As in PyTorch, the decay is multiplied by the whole rate; the
 * paper's schedule multiplier is that rate divided by its first value.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { adam, type AdamOptions, adamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { weightDecayOption } from "./shared_options.ts";

/** Options of AdamW. */
export interface AdamwOptions extends AdamOptions {
  /** Share, times the rate, that weights lose at each step. */
  readonly weightDecay?: number;
}

/** The options of AdamW, for those that leave parameters to it; the decay is PyTorch's. */
export const adamwOptions = adamOptions.extend({ weightDecay: weightDecayOption(0.01) });

/** Adam with decoupled weight decay. */
export function adamw(overrides: AdamwOptions = {}): Optimizer<"first" | "second"> {
  const { weightDecay, ...options } = withDefaults(adamwOptions, overrides);
  return { ...adam(options), weightDecay };
}

export const adamwEntry: Entry<AdamwOptions, Optimizer<"first" | "second">> = entry({
  doc: "AdamW: Adam with decoupled weight decay",
  options: adamwOptions,
  create: adamw,
});
