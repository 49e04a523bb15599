/**
 * The rows of a profile's table: names, times, rates, and the fraction of the roofline.
 *
 * @module
 */

import type { Profile, ProfiledOperation } from "./profile.ts";
import type { OperationTime } from "../../run/timing.ts";
import { type Ceilings, roofTime } from "./roofline.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** Pass, layer and name of an operation. */
type Place = Pick<OperationTime, "pass" | "layer" | "operation">;

/**
 * An operation, or the waiting of workers for each other. Rates are NaN for waiting, and for operations
 * shorter than the resolution of the clock.
 */
export interface ProfileRow extends Place {
  /** Time per step [µs]. */
  readonly time: number;
  /** Fraction of the step's time. */
  readonly share: number;
  /** Useful floating-point operations. */
  readonly flops: number;
  /** Bytes read and written. */
  readonly bytes: number;
  /** Arithmetic rate [GFLOP/s]. */
  readonly gflops: number;
  /** Memory bandwidth [GB/s]. */
  readonly rate: number;
  /** Shortest time by the roofline divided by the measured time: 1 on the roof. */
  readonly roof: number;
}

/** Name of the row of waiting. */
export const WAITING = "waiting";

/** Pass, layer and name of waiting. */
export const WAITING_PLACE: Place = { pass: WAITING, layer: "", operation: "for other workers" };

/**
 * Parses the label of a call: "forward of layer 1 (dense1): matmul: sparseProduct" is an operation of the
 * forward pass of dense1, a matmul by the kernel sparseProduct.
 */
export function placeOf(label: string): Place {
  const [origin = "", ...rest] = label.split(": ");
  if (rest.length < 2) {
    return { pass: "other", layer: "", operation: withoutLoop([origin, ...rest]) };
  }
  const [, pass = origin, layer = ""] =
    /^(forward|backward) of (?:layer \d+ \()?(?:the )?(\w+)\)?$/.exec(origin) ??
      /^(update) of group "(.*)"$/.exec(origin) ?? /^(input) of the network$/.exec(origin) ??
      /^norm of the (gradient)$/.exec(origin) ?? [];
  return { pass, layer, operation: withoutLoop(rest) };
}

/** Drops the numbers of loops, and the names of kernels that equal their operation. */
function withoutLoop([operation = "", kernel = ""]: readonly string[]): string {
  if (/^loop\d+$/.test(kernel)) return `loop: ${operation}`;
  const isSame = kernel.toLowerCase() === operation.replaceAll(/ (over )?/g, "").toLowerCase();
  return isSame || kernel === "" ? operation : `${operation}: ${kernel}`;
}

/** Returns the rows of a profile, the longest first, with one for waiting if there are several workers. */
export function rowsOf(profile: Profile, ceilings: Ceilings): readonly ProfileRow[] {
  const { waiting, time, workers } = profile;
  const rows = profile.operations.map((operation) => rowOf(operation, profile, ceilings));
  if (workers > 1) {
    const none = { flops: 0, bytes: 0, gflops: NaN, rate: NaN, roof: NaN };
    rows.push({ ...WAITING_PLACE, ...none, time: waiting, share: waiting / time });
  }
  return rows.sort((a, b) => b.time - a.time);
}

function rowOf(
  { label, flops, bytes, time, longest }: ProfiledOperation,
  profile: Profile,
  ceilings: Ceilings,
): ProfileRow {
  const spent = longest === 0 ? NaN : longest; // shorter than the clock's resolution: unknown rates
  return {
    ...placeOf(label),
    time,
    flops,
    bytes,
    share: time / profile.time,
    gflops: flops / spent / 1000,
    rate: bytes / spent / 1000,
    roof: roofTime({ flops, bytes }, ceilings) / spent,
  };
}

/** Returns the time by pass and layer, in execution order. */
export function timeByLayer(
  { operations, waiting, time, workers }: Profile,
): readonly (Pick<ProfileRow, "pass" | "layer" | "time" | "share">)[] {
  const all = operations.map(({ label, time }) => ({ ...placeOf(label), time }));
  if (workers > 1) all.push({ ...WAITING_PLACE, time: waiting });
  const layers = Map.groupBy(all, ({ pass, layer }) => `${pass} ${layer}`);
  return [...layers.values()].map((rows) => {
    const [{ pass, layer }] = rows;
    const own = sum(rows.map(({ time }) => time));
    return { pass, layer, time: own, share: own / time };
  });
}
