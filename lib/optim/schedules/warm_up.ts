/**
 * Linear warm-up to the first rate of another schedule, which then runs over the remaining steps (Goyal et
 * al., "Accurate, large minibatch SGD", arXiv:1706.02677, section 2.2):
 *
 *     rate = then(1) · (from + (1 − from) (step − 1) / n)     step = 1 … n
 *     rate = then(step − n)                                   step = n + 1 …
 *
 * `then` counts steps and epochs from the end of the warm-up, and has only the scores after it. This is
 * PyTorch's LinearLR followed by another schedule in a SequentialLR.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, type Schema, withDefaults } from "../../config/registry.ts";
import type { Schedule, ScheduledRun } from "./schedule.ts";

/** Options of a warm-up, and the schedule after it. */
export interface WarmUpOptions<Then = Schedule> {
  /** Length in epochs, also less than 1. Defaults to 1, unless `steps` is set. */
  readonly epochs?: number | undefined;
  /** Length in steps. */
  readonly steps?: number | undefined;
  /** Rate of the first step, as a fraction of the rate after the warm-up. */
  readonly from?: number;
  /** Schedule after the warm-up. */
  readonly then: Then;
}

const options = z.strictObject({
  epochs: z.number().positive().optional()
    .describe("length in epochs. Defaults to 1, unless steps is set"),
  steps: z.int().min(1).optional().describe("length in steps"),
  from: z.number().min(0).max(1).default(0.01)
    .describe("rate of the first step, as a fraction of the rate after the warm-up"),
});

/** Returns a schedule of linear warm-up, then another schedule. */
export function warmUp({ then, ...overrides }: WarmUpOptions): Schedule {
  const { epochs = 1, steps, from } = withDefaults(options, overrides);
  const rateOf: Schedule = (step, run) => {
    const length = steps ?? Math.round(epochs * run.stepsPerEpoch);
    const rest = remainingRun(run, length);
    if (step > length) return then(step - length, rest);
    return then(1, rest) * (from + (1 - from) * ((step - 1) / length));
  };
  return Object.assign(rateOf, { watches: then.watches });
}

/**
 * Returns a run without its first `taken` steps; steps are counted from there. It has at least one step, since
 * `then(1)` must be defined.
 */
function remainingRun({ steps, stepsPerEpoch, scores }: ScheduledRun, taken: number): ScheduledRun {
  return {
    steps: Math.max(1, steps - taken),
    stepsPerEpoch,
    scores: scores.filter(({ step }) => step > taken)
      .map((score) => ({ ...score, step: score.step - taken })),
  };
}

/**
 * Returns the registry entry by which configs name warm-ups. `choice` is the registry from which a config
 * chooses the schedule after the warm-up.
 */
export function warmUpEntry<Named>(
  choice: { readonly schema: Schema<Named>; create(named: Named): Schedule },
): Entry<WarmUpOptions<Named>, Schedule> {
  return entry({
    doc: "Linear warm-up of the learning rate, then another schedule",
    options: options.extend({
      then: choice.schema.describe("schedule over the remaining steps"),
    }).refine(({ epochs, steps }) => epochs === undefined || steps === undefined, {
      message: 'either "epochs" or "steps"',
    }) as unknown as Schema<WarmUpOptions<Named>>,
    create: ({ then, ...options }) => warmUp({ ...options, then: choice.create(then) }),
  });
}
