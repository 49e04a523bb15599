/**
 * The roofline (Williams, Waterman and Patterson, 2009): an operation cannot take less time than its
 * operations on numbers at the highest rate, nor less than its bytes at the rate of the memory that
 * holds them.
 *
 * @module
 */

import type { Cost } from "../../engine/program/cost.ts";

/** How fast bytes come and go where so many are in use. */
export interface Bandwidth {
  /** The measured working set in bytes. */
  readonly bytes: number;
  /** Gigabytes a second, read and written. */
  readonly rate: number;
}

/** What a machine can do at most, as it was measured. */
export interface Ceilings {
  /** Billions of floating-point operations a second, in registers. */
  readonly compute: number;
  /** Bandwidths, the smallest working set first. */
  readonly memory: readonly [Bandwidth, ...Bandwidth[]];
}

/** The bandwidth that holds for so many bytes: that of the measured working set nearest in ratio. */
export function bandwidthFor({ memory }: Ceilings, bytes: number): Bandwidth {
  const factor = (level: Bandwidth) => Math.max(level.bytes / bytes, bytes / level.bytes);
  return memory.reduce((nearest, level) => factor(level) < factor(nearest) ? level : nearest);
}

/** The shortest time that the ceilings permit, in microseconds. */
export function roofTime({ flops, bytes }: Cost, ceilings: Ceilings): number {
  const { rate } = bandwidthFor(ceilings, bytes);
  return Math.max(flops / ceilings.compute, bytes / rate) / 1000;
}
