/**
 * Computes shortest possible times by the roofline model (Williams, Waterman and Patterson, 2009): an operation takes at
 * least the time of its arithmetic at the processor's peak rate, and that of its memory traffic at the bandwidth.
 *
 * @module
 */

import type { Cost } from "../../engine/program/cost.ts";

/** Bandwidth measured with a given amount of memory. */
export interface Bandwidth {
  /** Amount of memory that the measurement accesses [bytes]. */
  readonly bytes: number;
  /** Bandwidth [GB/s], reads and writes together. */
  readonly rate: number;
}

/** Measured peak rates of a machine. */
export interface Ceilings {
  /** Peak arithmetic in registers [GFLOP/s]. */
  readonly compute: number;
  /** Bandwidths, by rising amounts of memory. */
  readonly memory: readonly [Bandwidth, ...Bandwidth[]];
}

/** Returns the bandwidth that was measured for the amount of memory nearest, as a ratio, to a number of bytes. */
export function nearestBandwidth({ memory }: Ceilings, bytes: number): Bandwidth {
  const factor = (level: Bandwidth) => Math.max(level.bytes / bytes, bytes / level.bytes);
  return memory.reduce((nearest, level) => factor(level) < factor(nearest) ? level : nearest);
}

/** Returns the shortest time [µs] in which an operation is possible at the peak rates of a machine. */
export function shortestTime({ flops, bytes }: Cost, ceilings: Ceilings): number {
  const { rate } = nearestBandwidth(ceilings, bytes);
  return Math.max(flops / ceilings.compute, bytes / rate) / 1000;
}
