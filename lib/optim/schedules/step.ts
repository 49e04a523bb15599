/**
 * Step decay: a learning rate that falls by a factor at the start of some epochs.
 *
 *     rate · factorᵏ     k = ⌊epoch / every⌋, or the number of milestones ≤ epoch
 *
 * Epochs count from 0, so `every: 3` means three epochs at each rate, and the milestone 3 the first step after
 * three epochs. These are PyTorch's StepLR and MultiStepLR.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { power } from "./power.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the rate that falls in steps. */
export interface StepRateOptions {
  /** Learning rate of the first epochs. */
  readonly rate?: number;
  /** Factor by which the rate is multiplied at each fall. */
  readonly factor?: number;
  /** Number of epochs at each rate. */
  readonly every?: number;
  /** Numbers of epochs after which the rate falls, instead of `every`. */
  readonly milestones?: readonly number[] | undefined;
}

const options = z.strictObject({
  rate: z.number().positive().default(0.002).describe("learning rate of the first epochs"),
  factor: z.number().positive().max(1).default(0.1).describe("factor of each fall"),
  every: z.int().min(1).default(10).describe("number of epochs at each rate"),
  milestones: z.array(z.int().min(1)).min(1).optional()
    .describe("numbers of epochs after which the rate falls, instead of every"),
});

/** Returns a schedule whose rate falls by a factor at the start of some epochs. */
export function stepRate(overrides: StepRateOptions = {}): Schedule {
  const { rate, factor, every, milestones } = withDefaults(options, overrides);
  return (step, { stepsPerEpoch }) => {
    const epoch = Math.floor((step - 1) / stepsPerEpoch);
    const falls = milestones === undefined
      ? Math.floor(epoch / every)
      : milestones.filter((milestone) => milestone <= epoch).length;
    return rate * power(factor, falls);
  };
}

export const stepEntry: Entry<StepRateOptions, Schedule> = entry({
  doc: "Step decay: the learning rate falls by a factor at the start of some epochs",
  options,
  create: stepRate,
});
