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
import { type Entry, entry, type Schema } from "../../config/registry.ts";
import { add, concatenate, mul, slice, sub } from "../../tensor/mod.ts";
import { adamw } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";
import { orthogonalize } from "./orthogonalize.ts";
import { withoutTiny } from "./tiny.ts";
import { weightDecayOption } from "./weight_decay.ts";

/** Options of Muon, and the optimizer of what is no hidden weight matrix. */
export interface MuonOptions<Others = Optimizer> {
  /** Share of the old velocity kept at each step; 0.95 if not given. */
  readonly momentum?: number;
  /** Share, times the rate, that weights lose at each step; 0.1 if not given. */
  readonly weightDecay?: number;
  /** Updates all parameters but hidden weight matrices; AdamW with the same decay if not given. */
  readonly others?: Others;
}

/** Jordan's momentum, and the decay of Liu et al. */
const DEFAULTS = { momentum: 0.95, weightDecay: 0.1 };

/** The decay of what others update, if they are not named. */
const SAME_DECAY = { weightDecay: DEFAULTS.weightDecay };

/** Size of the elements of a move, as AdamW's usually are. */
const MOVE = 0.2;

/** Momentum whose moves turn and never stretch, for the weights between hidden layers. */
export function muon(options: MuonOptions = {}): Optimizer<"velocity"> {
  const { momentum, weightDecay, others = adamw(SAME_DECAY) } = { ...DEFAULTS, ...options };
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

/** What the entry needs of the table of the optimizers that others are updated by. */
export interface OptimizerChoice<Named> {
  /** The schema of `{ name, ...options }`. */
  readonly schema: Schema<Named>;
  /** Makes the optimizer that a value names. */
  create(named: Named): Optimizer;
}

/**
 * Registry entry of {@linkcode muon}.
 *
 * @param choice the optimizers that other parameters can be updated by
 * @param byDefault the one if none is named, every option said
 */
export function muonEntry<Named>(
  choice: OptimizerChoice<Named>,
  byDefault: Named,
): Entry<MuonOptions<Named>, Optimizer<"velocity">> {
  return entry({
    doc: "Muon: momentum whose moves turn and never stretch, for weights between hidden layers",
    options: z.strictObject({
      momentum: z.number().min(0).lt(1).default(DEFAULTS.momentum)
        .describe("share of the old velocity kept at each step"),
      weightDecay: weightDecayOption(DEFAULTS.weightDecay),
      others: choice.schema.default(byDefault as never)
        .describe("updates all parameters but hidden weight matrices"),
    }) as unknown as Schema<MuonOptions<Named>>,
    create: ({ others = byDefault, ...options }) =>
      muon({ ...options, others: choice.create(others) }),
  });
}
