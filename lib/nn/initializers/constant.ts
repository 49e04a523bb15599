/**
 * One number everywhere, whatever the key. Of hidden weights it would keep all units alike; it is for
 * the last layer, for example at 0, and for scales.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { fill } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Options of the constant initializer. */
export interface ConstantInitializerOptions {
  /** The number. */
  readonly value: number;
}

const options = z.strictObject({ value: z.number().describe("the number") });

/** The same number everywhere. */
export function constantInitializer(overrides: ConstantInitializerOptions): Initializer {
  const { value } = withDefaults(options, overrides);
  return (_key, shape) => fill(value, shape);
}

export const constantInitializerEntry: Entry<ConstantInitializerOptions, Initializer> = entry({
  doc: "One number everywhere: for a last layer that starts at 0",
  options,
  create: constantInitializer,
});
