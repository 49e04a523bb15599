/**
 * Linear decay from the first rate to the last:
 *
 *     rate = from + (to − from) (step − 1) / steps     step = 1 … steps
 *
 * The step after the last would use `to`, so the rate of every step is positive even if `to` is 0. This is
 * PyTorch's LinearLR over all steps.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the linear schedule. */
export interface LinearRateOptions {
  /** Learning rate of the first step. */
  readonly from?: number;
  /** Learning rate that is approached at the end. */
  readonly to?: number;
}

const options = z.strictObject({
  from: z.number().positive().default(0.002).describe("learning rate of the first step"),
  to: z.number().min(0).default(0).describe("learning rate that is approached at the end"),
});

/** Returns a schedule that changes linearly from one learning rate to another. */
export function linearRate(overrides: LinearRateOptions = {}): Schedule {
  const { from, to } = withDefaults(options, overrides);
  return (step, { steps }) => from + (to - from) * ((step - 1) / steps);
}

export const linearEntry: Entry<LinearRateOptions, Schedule> = entry({
  doc: "Linear change from one learning rate to another",
  options,
  create: linearRate,
});
