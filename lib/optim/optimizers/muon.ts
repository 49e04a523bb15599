/**
 * Muon (Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024) as in Liu et al.,
 * "Muon is scalable for LLM training" (arXiv:2502.16982, equation 4), for each hidden weight matrix
 * p [m, n]:
 *
 *     v' = momentum v + g
 *     o  = orthogonalize(g + momentum v')
 *     p' = p − rate (0.2 √max(m, n) o + weightDecay p)
 *
 * where orthogonalize makes all singular values about 1, see `orthogonalize.ts`. With the factor, the elements
 * of a move have the size of AdamW's, 0.2 to 0.4, so that both can have the same rate and decay. All other
 * parameters, biases and those of the first and last layer, are updated by another optimizer, by default
 * AdamW. The training step applies the decay before the optimizer's update, which is equivalent.
 *
 * An update of a matrix [m, n], m ≤ n, takes about 5 (4 m² n + 2 m³) operations for any batch size. With
 * batches much smaller than m, this is most of the training time. Velocities below 1e-30 are set to 0, see
 * `tiny.ts`.
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
import { flushTiny } from "./tiny.ts";
import { weightDecayOption } from "./shared_options.ts";

/** Options of Muon, and the optimizer of all other parameters. */
export interface MuonOptions<Others = Optimizer> {
  /** Fraction of the old velocity kept at each step. */
  readonly momentum?: number;
  /** Decoupled weight decay: each step multiplies weights by 1 − rate · weightDecay. */
  readonly weightDecay?: number;
  /** Optimizer of all parameters but hidden weight matrices. */
  readonly others?: Others;
}

/**
 * Default weight decay of Muon, that of Liu et al. (2025). It is also the default of AdamW, which updates
 * the other parameters.
 */
const WEIGHT_DECAY = 0.1;

/** Options of the AdamW that updates the other parameters by default. */
const ADAMW = adamwOptions.parse({ weightDecay: WEIGHT_DECAY });

const options = z.strictObject({
  momentum: z.number().min(0).lt(1).default(0.95)
    .describe("fraction of the old velocity kept at each step"),
  weightDecay: weightDecayOption(WEIGHT_DECAY),
});

/** Root mean square of the elements of a move at a rate of 1, about that of AdamW's moves. */
const MOVE = 0.2;

/** Returns Muon: momentum with orthogonalized moves, for the weights between hidden layers. */
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
      const next = flushTiny(add(mul(velocity, momentum), grads));
      const ahead = add(grads, mul(next, momentum));
      const moves = parameters.map(({ shape, offset }) => {
        const orthogonal = orthogonalize(slice(ahead, offset, shape));
        return mul(orthogonal, mul(rate, MOVE * Math.sqrt(Math.max(...shape))));
      });
      return { params: sub(params, concatenate(moves)), slots: { velocity: next } };
    },
  };
}

/**
 * Returns the registry entry by which configs name Muon. `choice` is the registry from which a config
 * chooses the optimizer of the parameters that Muon does not update.
 */
export function muonEntry<Named>(
  choice: { readonly schema: Schema<Named>; create(named: Named): Optimizer },
): Entry<MuonOptions<Named>, Optimizer<"velocity">> {
  return entry({
    doc: "Muon: momentum with orthogonalized moves, for weights between hidden layers",
    options: options.extend({
      others: choice.schema.default({ name: "adamw", ...ADAMW } as never)
        .describe("optimizer of all parameters but hidden weight matrices"),
    }) as unknown as Schema<MuonOptions<Named>>,
    create: ({ others, ...options }) =>
      muon({ ...options, ...defined({ others: others && choice.create(others) }) }),
  });
}
