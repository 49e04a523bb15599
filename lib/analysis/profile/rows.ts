/**
 * The rows of a profile as people read them: names, shares, rates, and how near each operation comes to
 * the roofline.
 *
 * @module
 */

import type { Profile, ProfiledOperation } from "./profile.ts";
import type { OperationTime } from "../../run/timing.ts";
import { type Ceilings, roofTime } from "./roofline.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** What an operation is for. */
type Place = Pick<OperationTime, "pass" | "layer" | "operation">;

/**
 * An operation, or the waiting of workers for each other. Rates are NaN where there are none: of
 * waiting, and of what is over before the clock moves.
 */
export interface ProfileRow extends Place {
  /** Time a step in microseconds. */
  readonly time: number;
  /** Part of the step's time, 0 to 1. */
  readonly share: number;
  /** Useful operations on floating-point numbers. */
  readonly flops: number;
  /** Bytes read and written. */
  readonly bytes: number;
  /** Billions of floating-point operations a second. */
  readonly gflops: number;
  /** Gigabytes a second. */
  readonly rate: number;
  /** The time that the roofline permits over the time that it takes: 1 on the roof. */
  readonly roof: number;
}

/** What one row of a profile is called that stands for no operation. */
export const WAITING = "waiting";

/** The place of waiting among those of operations. */
export const WAITING_PLACE: Place = { pass: WAITING, layer: "", operation: "for other workers" };

/**
 * What a program's label says: "forward of layer 1 (dense1): matmul: sparseProduct" is the forward pass
 * of dense1, and a product by a kernel.
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

/** Loops have numbers that say nothing, and most kernels are called like their operation. */
function withoutLoop([operation = "", kernel = ""]: readonly string[]): string {
  if (/^loop\d+$/.test(kernel)) return `loop: ${operation}`;
  const isSame = kernel.toLowerCase() === operation.replaceAll(/ (over )?/g, "").toLowerCase();
  return isSame || kernel === "" ? operation : `${operation}: ${kernel}`;
}

/** The rows of a profile, the longest first; waiting is one of them if workers do. */
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
  const spent = longest === 0 ? NaN : longest; // over before the clock moves: nobody knows the rates
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

/** Time by pass and layer, in the order in which each is first met. */
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
