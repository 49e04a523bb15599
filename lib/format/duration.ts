/**
 * Formats durations with two units or three digits. The standard library's `fmt/duration` does not round:
 * it shows every unit down to nanoseconds.
 *
 * @module
 */
import { decimalsForThreeDigits, formatFixed } from "./numbers.ts";

/**
 * Formats a duration to tenths of a second below 10 s, and otherwise in its largest one or two units: `0.4
 * s`, `42 s`, `3 min 05 s`, `2 h 07 min`.
 */
export function formatDuration(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => `${value}`.padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A unit of time. */
interface TimeUnit {
  readonly name: string;
  /** Length of the unit in microseconds. */
  readonly size: number;
}

/** Units of time in rising order. Durations of `upTo` units or more are shown in the next larger unit. */
const UNITS = [
  { name: "µs", size: 1, upTo: 1000 },
  { name: "ms", size: 1000, upTo: 1000 },
  { name: "s", size: 1e6, upTo: 300 },
  { name: "min", size: 60e6, upTo: 300 },
  { name: "h", size: 3600e6, upTo: Infinity },
] as const;

/**
 * Returns the unit in which a duration is shown: the smallest unit of which the duration has fewer than
 * `upTo`, see {@linkcode UNITS}.
 */
export function readableTimeUnit(microseconds: number): TimeUnit {
  return UNITS.find(({ size, upTo }) => microseconds < size * upTo) ?? UNITS[4];
}

/**
 * Formats a measured duration to about three digits in one unit, after a no-break space: "25.9 µs", "1.03
 * s".
 */
export function formatTime(microseconds: number): string {
  const { name, size } = readableTimeUnit(microseconds);
  const value = microseconds / size;
  return `${formatFixed(value, decimalsForThreeDigits(value))}\u00a0${name}`;
}
