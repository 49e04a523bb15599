/**
 * Durations in configs: a number with a unit, such as "60 s".
 *
 * @module
 */
import { z } from "zod";

/** Seconds of each unit. */
const UNITS = { s: 1, min: 60, h: 3600 } as const;

const DURATION = /^(\d+(?:\.\d+)?) ?(s|min|h)$/;

/** A duration above 0. */
export const durationSchema: z.ZodString = z.string()
  .regex(/^(?!0+(\.0+)? ?[a-z]+$)\d+(\.\d+)? ?(s|min|h)$/);

/** Returns the seconds of a duration that {@linkcode durationSchema} accepts. */
export function durationInSeconds(duration: string): number {
  const [, number, unit] = DURATION.exec(duration) as unknown as [
    string,
    string,
    keyof typeof UNITS,
  ];
  return Number(number) * UNITS[unit];
}
