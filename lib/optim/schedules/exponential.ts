/**
 * Exponential decay: a learning rate that is multiplied by a factor at each epoch or step.
 *
 *     rate · factorᵏ     k: epochs, or steps, before this one
 *
 * This is PyTorch's ExponentialLR, applied once per epoch or once per step.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { power } from "./power.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the exponential schedule. */
export interface ExponentialRateOptions {
  /** Learning rate of the first step. */
  readonly rate?: number;
  /** Factor by which the rate is multiplied in each interval. */
  readonly factor?: number;
  /** Interval between decays: an epoch or a step. */
  readonly per?: "epoch" | "step";
}

const options = z.strictObject({
  rate: z.number().positive().default(0.002).describe("learning rate of the first step"),
  factor: z.number().positive().max(1).default(0.9).describe("factor of each decay"),
  per: z.enum(["epoch", "step"]).default("epoch").describe("interval of the decay"),
});

/** Returns a schedule whose rate is multiplied by a factor at each epoch or step. */
export function exponentialRate(overrides: ExponentialRateOptions = {}): Schedule {
  const { rate, factor, per } = withDefaults(options, overrides);
  return (step, { stepsPerEpoch }) => {
    const times = per === "step" ? step - 1 : Math.floor((step - 1) / stepsPerEpoch);
    return rate * power(factor, times);
  };
}

export const exponentialEntry: Entry<ExponentialRateOptions, Schedule> = entry({
  doc: "Exponential decay: the learning rate is multiplied by a factor at each epoch or step",
  options,
  create: exponentialRate,
});
