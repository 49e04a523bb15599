/**
 * Computes the rows of a profile's table: names, times and rates of operations, and their fractions of the roofline.
 *
 * @module
 */

import type { Profile, ProfiledOperation } from "./profile.ts";
import type { OperationTime } from "../../run/timing.ts";
import { type Ceilings, shortestTime } from "./roofline.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** Pass, layer and name of an operation, which identify it. */
type OperationIdentity = Pick<OperationTime, "pass" | "layer" | "operation">;

/**
 * Time and rates of one operation, or of waiting for other workers. Rates are NaN for waiting, and for
 * operations shorter than the resolution of the clock.
 */
export interface ProfileRow extends OperationIdentity {
  /** Time per step [µs]. */
  readonly time: number;
  /** Fraction of the training step's time. */
  readonly share: number;
  /** Floating-point operations per step, without those on padding. */
  readonly flops: number;
  /** Bytes read and written per step. */
  readonly bytes: number;
  /** Arithmetic rate [GFLOP/s]. */
  readonly gflops: number;
  /** Rate of memory traffic [GB/s]. */
  readonly rate: number;
  /**
   * Shortest time by the roofline model as a fraction of the measured time: 1 for an operation at the limit of
   * the machine.
   */
  readonly roof: number;
}

/** Name of the pass in the row of the workers' waiting. */
export const WAITING = "waiting";

/** Pass, layer and name in the row of the workers' waiting. */
export const WAITING_IDENTITY: OperationIdentity = {
  pass: WAITING,
  layer: "",
  operation: "for other workers",
};

/**
 * Parses the label of a kernel call: "origin: operation: kernel". For example, "forward of layer 1 (dense1):
 * matmul: sparseProduct" has the pass "forward", the layer "dense1" and the operation "matmul: sparseProduct".
 * The layer of an update is its parameter group. An origin without a layer, such as "loss", is the pass itself,
 * and the layer is "". A label of fewer than three parts has the pass "other".
 */
export function parseCallLabel(label: string): OperationIdentity {
  const [origin = "", ...rest] = label.split(": ");
  if (rest.length < 2) {
    return { pass: "other", layer: "", operation: formatOperation([origin, ...rest]) };
  }
  const [, pass = origin, layer = ""] =
    /^(forward|backward) of (?:layer \d+ \()?(?:the )?(\w+)\)?$/.exec(origin) ??
      /^(update) of group "(.*)"$/.exec(origin) ?? /^(input) of the network$/.exec(origin) ??
      /^norm of the (gradient)$/.exec(origin) ?? [];
  return { pass, layer, operation: formatOperation(rest) };
}

/**
 * Formats the names of an operation and of the kernel that computes it: "matmul: sparseProduct". If the kernel
 * is named after the operation, such as sumRows after "sum over rows", only the operation is written. A
 * generated loop, whose kernel has a name such as loop12, becomes "loop: " and the operation.
 */
function formatOperation([operation = "", kernel = ""]: readonly string[]): string {
  if (/^loop\d+$/.test(kernel)) return `loop: ${operation}`;
  const isSame = kernel.toLowerCase() === operation.replaceAll(/ (over )?/g, "").toLowerCase();
  return isSame || kernel === "" ? operation : `${operation}: ${kernel}`;
}

/**
 * Returns a row for each operation of a profile, and one for waiting if there are several workers. The longest
 * time is first.
 */
export function profileRows(profile: Profile, ceilings: Ceilings): readonly ProfileRow[] {
  const { waiting, time, workers } = profile;
  const rows = profile.operations.map((operation) => profileRow(operation, profile, ceilings));
  if (workers > 1) {
    const none = { flops: 0, bytes: 0, gflops: NaN, rate: NaN, roof: NaN };
    rows.push({ ...WAITING_IDENTITY, ...none, time: waiting, share: waiting / time });
  }
  return rows.sort((a, b) => b.time - a.time);
}

function profileRow(
  { label, flops, bytes, time, longest }: ProfiledOperation,
  profile: Profile,
  ceilings: Ceilings,
): ProfileRow {
  const spent = longest === 0 ? NaN : longest; // shorter than the clock's resolution: unknown rates
  return {
    ...parseCallLabel(label),
    time,
    flops,
    bytes,
    share: time / profile.time,
    gflops: flops / spent / 1000,
    rate: bytes / spent / 1000,
    roof: shortestTime({ flops, bytes }, ceilings) / spent,
  };
}

/**
 * Returns the time of each pass through each layer, in the order of execution, and of waiting if there are
 * several workers.
 */
export function timeByLayer(
  { operations, waiting, time, workers }: Profile,
): readonly (Pick<ProfileRow, "pass" | "layer" | "time" | "share">)[] {
  const all = operations.map(({ label, time }) => ({ ...parseCallLabel(label), time }));
  if (workers > 1) all.push({ ...WAITING_IDENTITY, time: waiting });
  const layers = Map.groupBy(all, ({ pass, layer }) => `${pass} ${layer}`);
  return [...layers.values()].map((rows) => {
    const [{ pass, layer }] = rows;
    const own = sum(rows.map(({ time }) => time));
    return { pass, layer, time: own, share: own / time };
  });
}
