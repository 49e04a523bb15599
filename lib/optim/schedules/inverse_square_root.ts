/**
 * Linear warm-up, then decay with the inverse square root of the step (Vaswani et al., "Attention is all you
 * need", NeurIPS 2017, equation 3):
 *
 *     rate = peak · min(step / warmUp, √(warmUp / step))     step = 1, 2, …
 *
 * which is the paper's with peak = 1 / √(model width · warmUp).
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the inverse square root. */
export interface InverseSquareRootOptions {
  /** Highest learning rate. */
  readonly peak?: number;
  /** Step with the highest rate. */
  readonly warmUp?: number;
}

const options = z.strictObject({
  peak: z.number().positive().default(0.002).describe("highest learning rate"),
  warmUp: z.int().min(1).default(400).describe("step with the highest rate"),
});

/** Returns a schedule of linear warm-up, then decay with the inverse square root of the step. */
export function inverseSquareRoot(overrides: InverseSquareRootOptions = {}): Schedule {
  const { peak, warmUp } = withDefaults(options, overrides);
  return (step) => peak * Math.min(step / warmUp, Math.sqrt(warmUp / step));
}

export const inverseSquareRootEntry: Entry<InverseSquareRootOptions, Schedule> = entry({
  doc: "Linear warm-up, then decay with the inverse square root of the step",
  options,
  create: inverseSquareRoot,
});
