/**
 * Options that several optimizers have.
 *
 * @module
 */
import { z } from "zod";

/** Returns the schema of the option `weightDecay`, whose default is `defaultDecay`. */
export function weightDecayOption(defaultDecay: number): z.ZodDefault<z.ZodNumber> {
  return z.number().min(0).default(defaultDecay)
    .describe(
      "decoupled weight decay: each step multiplies weights by 1 - rate weightDecay, unless their layer " +
        "sets its own",
    );
}
