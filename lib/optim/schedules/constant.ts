/**
 * The same learning rate at every step.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the constant rate. */
export interface ConstantOptions {
  /** Learning rate of every step; 0.001 if not given. */
  readonly rate?: number;
}

const DEFAULTS = { rate: 0.001 };

/** The same learning rate at every step. */
export function constant({ rate = DEFAULTS.rate }: ConstantOptions = {}): Schedule {
  return () => rate;
}

/** Registry entry of {@linkcode constant}. */
export const constantEntry: Entry<ConstantOptions, Schedule> = entry({
  doc: "The same learning rate at every step",
  options: z.strictObject({
    rate: z.number().positive().default(DEFAULTS.rate).describe("learning rate of every step"),
  }),
  create: constant,
});
