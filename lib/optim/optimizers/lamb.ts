/**
 * LAMB (You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR
 * 2020, algorithm 2): Adam's move, scaled for each parameter tensor to the norm of the tensor,
 *
 *     r  = m̂ / (√v̂ + epsilon)              m̂, v̂ as in `adam.ts`
 *     u  = r + weightDecay p
 *     p' = p − rate (‖p‖ / ‖u‖) u          norms over each tensor
 *
 * The paper's φ is the identity. If one of the norms is 0, the ratio is 1, since otherwise a tensor that is 0
 * would stay so. The decay applies to all tensors, including biases, and is part of the scaled move. So it is
 * an option of LAMB itself, in addition to the decay of layers.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  and,
  concatenate,
  div,
  dot,
  greater,
  mul,
  select,
  slice,
  sqrt,
  sub,
  type Tensor,
} from "../../tensor/mod.ts";
import { adamMeans, adamMove, type AdamOptions, adamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of LAMB. */
export interface LambOptions extends AdamOptions {
  /** Weight decay, which also applies to biases and is a part of the scaled move. */
  readonly weightDecay?: number;
}

/**
 * Schema of the options. Defaults are those of the LAMB paper, except for epsilon, which has Adam's default.
 */
const options = adamOptions.extend({
  weightDecay: z.number().min(0).default(0.01)
    .describe("weight decay, also of biases, as a part of the scaled move"),
});

/** Returns LAMB: Adam with moves scaled to the norm of each parameter tensor. */
export function lamb(overrides: LambOptions = {}): Optimizer<"first" | "second"> {
  const { weightDecay, ...settings } = withDefaults(options, overrides);
  return {
    slots: ["first", "second"],
    update(params, grads, slots, { rate, step, parameters }) {
      const means = adamMeans(grads, slots, settings);
      const direction = adamMove(means, settings, { rate: 1, step });
      const move = add(direction, mul(params, weightDecay));
      const after = parameters.map(({ shape, offset }) => {
        const [p, u] = [slice(params, offset, shape), slice(move, offset, shape)];
        return sub(p, mul(u, mul(trustRatio(p, u), rate)));
      });
      return { params: concatenate(after), slots: means };
    },
  };
}

/** Computes the ratio of norms ‖p‖ / ‖move‖ []; 1 if one of the norms is 0. */
function trustRatio(p: Tensor, move: Tensor): Tensor {
  const [size, moved] = [dot(p, p), dot(move, move)];
  const isDefined = and(greater(size, 0), greater(moved, 0));
  return select(isDefined, div(sqrt(size), sqrt(moved)), 1);
}

export const lambEntry: Entry<LambOptions, Optimizer<"first" | "second">> = entry({
  doc: "LAMB: Adam with moves scaled to the norm of each parameter tensor; for large batches",
  options,
  create: lamb,
});
