/**
 * Half a wave of the cosine, from the first rate to the last:
 *
 *     rate = to + ½ (from − to) (1 + cos(π (step − 1) / steps))     step = 1 … steps
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017),
 * equation 5, without restarts. The first step uses `from`; `to` would be reached by the step after
 * the last, so that every step still learns when `to` is 0. PyTorch's CosineAnnealingLR does the same.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import { cosTurns } from "../../tensor/math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the cosine schedule. */
export interface CosineOptions {
  /** Learning rate of the first step; 0.002 if not given. */
  readonly from?: number;
  /** Learning rate that is approached at the end; 0 if not given. */
  readonly to?: number;
}

const DEFAULTS = { from: 0.002, to: 0 };

/** Half a wave of the cosine, from one rate to another. */
export function cosine(options: CosineOptions = {}): Schedule {
  const { from, to } = { ...DEFAULTS, ...options };
  return (step, { steps }) => to + 0.5 * (from - to) * (1 + cosTurns((step - 1) / (2 * steps)));
}

/** Registry entry of {@linkcode cosine}. */
export const cosineEntry: Entry<CosineOptions, Schedule> = entry({
  doc: "Half a wave of the cosine, from one learning rate to another",
  options: z.strictObject({
    from: z.number().positive().default(DEFAULTS.from).describe("learning rate of the first step"),
    to: z.number().min(0).default(DEFAULTS.to).describe(
      "learning rate that is approached at the end",
    ),
  }),
  create: cosine,
});
