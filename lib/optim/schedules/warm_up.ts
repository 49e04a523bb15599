/**
 * A straight rise to the first rate of another schedule, which then goes its way over the remaining
 * steps (Goyal et al., "Accurate, large minibatch SGD", arXiv:1706.02677, section 2.2):
 *
 *     rate = then(1) · (from + (1 − from) (step − 1) / n)     step = 1 … n
 *     rate = then(step − n)                                   step = n + 1 …
 *
 * where `then` knows of the steps, epochs and scores after the warm-up only. PyTorch's LinearLR followed
 * by another, in a SequentialLR.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, type Schema, withDefaults } from "../../config/registry.ts";
import type { Schedule, ScheduledRun } from "./schedule.ts";

/** Options of a warm-up, and the schedule after it. */
export interface WarmUpOptions<Then = Schedule> {
  /** Its length in epochs, also a part of one; 1 if neither this nor `steps` is given. */
  readonly epochs?: number | undefined;
  /** Its length in steps. */
  readonly steps?: number | undefined;
  /** Share of the rate at which the first step begins. */
  readonly from?: number;
  /** What follows. */
  readonly then: Then;
}

const options = z.strictObject({
  epochs: z.number().positive().optional()
    .describe("length in epochs, 1 if neither this nor steps is given"),
  steps: z.int().min(1).optional().describe("length in steps"),
  from: z.number().min(0).max(1).default(0.01)
    .describe("share of the rate at which the first step begins"),
});

/** A straight rise to the first rate of another schedule, which follows. */
export function warmUp({ then, ...overrides }: WarmUpOptions): Schedule {
  const { epochs = 1, steps, from } = withDefaults(options, overrides);
  const rateOf: Schedule = (step, run) => {
    const length = steps ?? Math.round(epochs * run.stepsPerEpoch);
    const rest = runAfter(run, length);
    if (step > length) return then(step - length, rest);
    return then(1, rest) * (from + (1 - from) * ((step - 1) / length));
  };
  return Object.assign(rateOf, { watches: then.watches });
}

/** What a run is from a step on; at least one step, since its first rate is asked for. */
function runAfter({ steps, stepsPerEpoch, scores }: ScheduledRun, taken: number): ScheduledRun {
  return {
    steps: Math.max(1, steps - taken),
    stepsPerEpoch,
    scores: scores.filter(({ step }) => step > taken)
      .map((score) => ({ ...score, step: score.step - taken })),
  };
}

export function warmUpEntry<Named>(
  choice: { readonly schema: Schema<Named>; create(named: Named): Schedule },
): Entry<WarmUpOptions<Named>, Schedule> {
  return entry({
    doc: "A straight rise of the learning rate, then another schedule",
    options: options.extend({
      then: choice.schema.describe("the schedule that follows, over the remaining steps"),
    }).refine(({ epochs, steps }) => epochs === undefined || steps === undefined, {
      message: 'either "epochs" or "steps"',
    }) as unknown as Schema<WarmUpOptions<Named>>,
    create: ({ then, ...options }) => warmUp({ ...options, then: choice.create(then) }),
  });
}
