/**
 * A learning rate that falls by the same factor again and again:
 *
 *     rate · factorᵏ     k: epochs, or steps, before this one
 *
 * PyTorch's ExponentialLR, asked once an epoch or once a step.
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
  /** What the rate is multiplied by. */
  readonly factor?: number;
  /** Whether the rate falls at each epoch or at each step. */
  readonly per?: "epoch" | "step";
}

const options = z.strictObject({
  rate: z.number().positive().default(0.002).describe("learning rate of the first step"),
  factor: z.number().positive().max(1).default(0.9).describe("what the rate is multiplied by"),
  per: z.enum(["epoch", "step"]).default("epoch").describe("how often it is"),
});

/** A learning rate that falls by the same factor at each epoch or step. */
export function exponentialRate(overrides: ExponentialRateOptions = {}): Schedule {
  const { rate, factor, per } = withDefaults(options, overrides);
  return (step, { stepsPerEpoch }) => {
    const times = per === "step" ? step - 1 : Math.floor((step - 1) / stepsPerEpoch);
    return rate * power(factor, times);
  };
}

export const exponentialEntry: Entry<ExponentialRateOptions, Schedule> = entry({
  doc: "A learning rate that falls by the same factor at each epoch or step",
  options,
  create: exponentialRate,
});
