/**
 * A straight rise, then a fall with the root of the step (Vaswani et al., "Attention is all you need",
 * NeurIPS 2017, equation 3):
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
  /** The highest learning rate. */
  readonly peak?: number;
  /** The step that has it. */
  readonly warmUp?: number;
}

const options = z.strictObject({
  peak: z.number().positive().default(0.002).describe("the highest learning rate"),
  warmUp: z.int().min(1).default(400).describe("the step that has it"),
});

/** A straight rise of the learning rate, then a fall with the root of the step. */
export function inverseSquareRoot(overrides: InverseSquareRootOptions = {}): Schedule {
  const { peak, warmUp } = withDefaults(options, overrides);
  return (step) => peak * Math.min(step / warmUp, Math.sqrt(warmUp / step));
}

export const inverseSquareRootEntry: Entry<InverseSquareRootOptions, Schedule> = entry({
  doc: "A straight rise of the learning rate, then a fall with the root of the step",
  options,
  create: inverseSquareRoot,
});
