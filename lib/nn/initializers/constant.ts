/**
 * Constant initialization: one number everywhere, for the last layer and for scales. Hidden weights need
 * random numbers: with constant ones, all units of a layer would stay equal.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { fill } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Options of the constant initializer. */
export interface ConstantInitializerOptions {
  /** Initial value of every element. */
  readonly value: number;
}

const options = z.strictObject({ value: z.number().describe("the number") });

/** Returns an initializer that sets every element to one number. */
export function constantInitializer(overrides: ConstantInitializerOptions): Initializer {
  const { value } = withDefaults(options, overrides);
  return (_key, shape) => fill(value, shape);
}

export const constantInitializerEntry: Entry<ConstantInitializerOptions, Initializer> = entry({
  doc: "One number everywhere: for a last layer that starts at 0",
  options,
  create: constantInitializer,
});
