/**
 * A constant learning rate.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the constant rate. */
export interface ConstantRateOptions {
  /** Learning rate of every step. */
  readonly rate?: number;
}

const options = z.strictObject({
  rate: z.number().positive().default(0.001).describe("learning rate of every step"),
});

/** Returns a schedule with the same learning rate at every step. */
export function constantRate(overrides: ConstantRateOptions = {}): Schedule {
  const { rate } = withDefaults(options, overrides);
  return () => rate;
}

export const constantEntry: Entry<ConstantRateOptions, Schedule> = entry({
  doc: "The same learning rate at every step",
  options,
  create: constantRate,
});
