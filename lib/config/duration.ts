/**
 * Durations in configs: a number with a unit, such as "60 s".
 *
 * @module
 */
import { z } from "zod";

/** Number of seconds in each unit of time. */
const UNITS = { s: 1, min: 60, h: 3600 } as const;

/** Pattern of a duration, with the number and the unit as groups. */
const DURATION = /^(\d+(?:\.\d+)?) ?(s|min|h)$/;

/**
 * Zod schema of a duration above 0 as a text: a number and a unit, `s`, `min` or `h`, such as "60 s" or
 * "1.5 h".
 */
export const durationSchema: z.ZodString = z.string()
  .regex(/^(?!0+(\.0+)? ?[a-z]+$)\d+(\.\d+)? ?(s|min|h)$/);

/**
 * Returns the number of seconds in a duration such as "1.5 h", which must match {@linkcode durationSchema}.
 */
export function durationInSeconds(duration: string): number {
  const [, number, unit] = DURATION.exec(duration) as unknown as [
    string,
    string,
    keyof typeof UNITS,
  ];
  return Number(number) * UNITS[unit];
}
