/**
 * The roofline model (Williams, Waterman and Patterson, 2009): an operation takes at least the time of its
 * arithmetic at the peak rate, and at least the time of its memory traffic at the bandwidth.
 *
 * @module
 */

import type { Cost } from "../../engine/program/cost.ts";

/** Memory bandwidth of a working set. */
export interface Bandwidth {
  /** Size of the working set [bytes]. */
  readonly bytes: number;
  /** Bandwidth [GB/s], reads and writes together. */
  readonly rate: number;
}

/** Measured peak rates of a machine. */
export interface Ceilings {
  /** Peak arithmetic in registers [GFLOP/s]. */
  readonly compute: number;
  /** Bandwidths, the smallest working set first. */
  readonly memory: readonly [Bandwidth, ...Bandwidth[]];
}

/** Returns the bandwidth for a working set: that of the measured one nearest in ratio. */
export function bandwidthFor({ memory }: Ceilings, bytes: number): Bandwidth {
  const factor = (level: Bandwidth) => Math.max(level.bytes / bytes, bytes / level.bytes);
  return memory.reduce((nearest, level) => factor(level) < factor(nearest) ? level : nearest);
}

/** Returns the shortest time [µs] that the ceilings permit. */
export function roofTime({ flops, bytes }: Cost, ceilings: Ceilings): number {
  const { rate } = bandwidthFor(ceilings, bytes);
  return Math.max(flops / ceilings.compute, bytes / rate) / 1000;
}
