/**
 * Polynomial decay from the first rate to the last, a power of the remaining fraction of the run:
 *
 *     rate = to + (from − to) (1 − (step − 1) / steps)^power     step = 1 … steps
 *
 * This is PyTorch's PolynomialLR over all steps, in which `to` is 0. The step after the last would use `to`,
 * so the rate of every step is positive even if `to` is 0.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { power as raise } from "./power.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the polynomial schedule. */
export interface PolynomialOptions {
  /** Learning rate of the first step. */
  readonly from?: number;
  /** Learning rate that is approached at the end. */
  readonly to?: number;
  /** Exponent of the remaining fraction of the run. */
  readonly power?: number;
}

const options = z.strictObject({
  from: z.number().positive().default(0.002).describe("learning rate of the first step"),
  to: z.number().min(0).default(0).describe("learning rate that is approached at the end"),
  power: z.number().positive().max(10).default(2)
    .describe("exponent of the remaining fraction of the run; 1 for a straight line"),
});

/** Returns a schedule of polynomial decay from one learning rate to another. */
export function polynomial(overrides: PolynomialOptions = {}): Schedule {
  const { from, to, power } = withDefaults(options, overrides);
  return (step, { steps }) => to + (from - to) * raise((steps - step + 1) / steps, power);
}

export const polynomialEntry: Entry<PolynomialOptions, Schedule> = entry({
  doc: "Polynomial decay from one learning rate to another",
  options,
  create: polynomial,
});
