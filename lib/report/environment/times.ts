/**
 * Times and operations in words, as drawings show them.
 *
 * @module
 */
import { type BarItem, formatFixed, formatPercent, type Tone } from "deno-plot-svg";
import type { Activity, OperationTime, TrainingTime } from "../../run/timing.ts";

/** Units of time in microseconds, each up to a number of it. */
const UNITS = [
  { name: "µs", size: 1, upTo: 1000 },
  { name: "ms", size: 1000, upTo: 1000 },
  { name: "s", size: 1e6, upTo: 300 },
  { name: "min", size: 60e6, upTo: 300 },
  { name: "h", size: 3600e6, upTo: Infinity },
] as const;

/** Decimals that leave three digits or so. */
function decimalsOf(value: number): number {
  return value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
}

/** The unit in which a time is read best. */
export function unitOf(microseconds: number): { readonly name: string; readonly size: number } {
  return UNITS.find(({ size, upTo }) => microseconds < size * upTo) ?? UNITS[4];
}

/** A time in microseconds, to three digits or so: "25.9 µs", "1.03 s"; the space does not break. */
export function timeText(microseconds: number): string {
  const unit = unitOf(microseconds);
  const value = microseconds / unit.size;
  return `${formatFixed(value, decimalsOf(value))}\u00a0${unit.name}`;
}

/** A bar of a time in microseconds, with its share of all. */
export function timeBar(
  name: string,
  time: number,
  all: number,
): Pick<BarItem, "name" | "value" | "label"> {
  return { name, value: time, label: `${timeText(time)} · ${formatPercent(time / all, 1)}` };
}

/** How long a training was at something, in microseconds. */
export function microsecondsIn({ activities }: TrainingTime, activity: Activity): number {
  return 1000 * (activities.find(({ training }) => training === activity)?.milliseconds ?? 0);
}

/** The sum of some numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The colour of a part of a step. */
export function passTone(pass: string): Tone {
  const tones: Readonly<Record<string, Tone>> = {
    forward: "blue",
    backward: "orange",
    update: "green",
    waiting: "muted",
  };
  return tones[pass] ?? "purple";
}

/** What an operation is called: "forward dense1: matmul". */
export function operationName(
  { pass, layer, operation }: Pick<OperationTime, "pass" | "layer" | "operation">,
): string {
  return `${[pass, layer].filter((part) => part !== "").join(" ")}: ${operation}`;
}
