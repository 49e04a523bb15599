/**
 * Muon (Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024) as in Liu et al.,
 * "Muon is scalable for LLM training" (arXiv:2502.16982, equation 4), for each hidden weight matrix
 * p [m, n]:
 *
 *     v' = momentum v + g
 *     o  = orthogonalize(g + momentum v')
 *     p' = p − rate (0.2 √max(m, n) o + weightDecay p)
 *
 * where orthogonalize makes all singular values about 1, see `orthogonalize.ts`. By the factor the
 * elements of a move have the size that AdamW's have, 0.2 to 0.4, so that both share one rate and one
 * decay. All other parameters, those of the first and of the last layer and biases, are left to another
 * optimizer, AdamW unless another is named. The training step takes the decay off before the rule sees
 * the parameters, which comes to the same.
 *
 * An update of a matrix [m, n], m ≤ n, takes about 5 (4 m² n + 2 m³) operations, whatever the batch: for
 * batches that are small beside m it is most of the training. Velocities below 1e-30 are taken as 0, see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../../config/defined.ts";
import { type Entry, entry, type Schema, withDefaults } from "../../config/registry.ts";
import { add, concatenate, mul, slice, sub } from "../../tensor/mod.ts";
import { adamw, adamwOptions } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";
import { orthogonalize } from "./orthogonalize.ts";
import { withoutTiny } from "./tiny.ts";
import { weightDecayOption } from "./shared_options.ts";

/** Options of Muon, and the optimizer of what is no hidden weight matrix. */
export interface MuonOptions<Others = Optimizer> {
  /** Share of the old velocity kept at each step. */
  readonly momentum?: number;
  /** Share, times the rate, that weights lose at each step. */
  readonly weightDecay?: number;
  /** Updates all parameters but hidden weight matrices. */
  readonly others?: Others;
}

/** The decay of Liu et al., also of what AdamW updates where no other optimizer is named. */
const WEIGHT_DECAY = 0.1;

const ADAMW = adamwOptions.parse({ weightDecay: WEIGHT_DECAY });

const options = z.strictObject({
  momentum: z.number().min(0).lt(1).default(0.95)
    .describe("share of the old velocity kept at each step"),
  weightDecay: weightDecayOption(WEIGHT_DECAY),
});

/** Size of the elements of a move, as AdamW's usually are. */
const MOVE = 0.2;

/** Momentum whose moves turn and never stretch, for the weights between hidden layers. */
export function muon(
  { others = adamw(ADAMW), ...overrides }: MuonOptions = {},
): Optimizer<"velocity"> {
  const { momentum, weightDecay } = withDefaults(options, overrides);
  return {
    slots: ["velocity"],
    weightDecay,
    others,
    takes: ({ isHidden }) => isHidden,
    update(params, grads, { velocity }, { rate, parameters }) {
      const next = withoutTiny(add(mul(velocity, momentum), grads));
      const ahead = add(grads, mul(next, momentum));
      const moves = parameters.map(({ shape, offset }) => {
        const turned = orthogonalize(slice(ahead, offset, shape));
        return mul(turned, mul(rate, MOVE * Math.sqrt(Math.max(...shape))));
      });
      return { params: sub(params, concatenate(moves)), slots: { velocity: next } };
    },
  };
}

export function muonEntry<Named>(
  choice: { readonly schema: Schema<Named>; create(named: Named): Optimizer },
): Entry<MuonOptions<Named>, Optimizer<"velocity">> {
  return entry({
    doc: "Muon: momentum whose moves turn and never stretch, for weights between hidden layers",
    options: options.extend({
      others: choice.schema.default({ name: "adamw", ...ADAMW } as never)
        .describe("updates all parameters but hidden weight matrices"),
    }) as unknown as Schema<MuonOptions<Named>>,
    create: ({ others, ...options }) =>
      muon({ ...options, ...defined({ others: others && choice.create(others) }) }),
  });
}
