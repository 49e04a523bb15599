/**
 * Partitions the calls of a program among workers, and finds the barriers between calls. Each worker computes
 * a range of rows of each call, or of rows of panels. A barrier is needed only where a worker would read
 * memory that another wrote, or overwrite memory that another still reads. A replicated call, which every
 * worker computes in full in its own memory, needs none.
 *
 * A worker's range depends only on the number of rows. So operations on the rows of a batch follow each other
 * without a barrier, and an update follows the product that computed its gradient, panel by panel. A sum over
 * rows needs a barrier before it. Results do not depend on the partition: each number is computed by one
 * worker, in one order.
 *
 * @module
 */

import {
  bytesBeforePanelRow,
  type Call,
  isPerWorker,
  type MemoryAccess,
  type Region,
} from "./program.ts";

/** A worker's range of rows of a call: `from` is the first, `to` the one after the last. */
export interface Partition {
  readonly from: number;
  readonly to: number;
}

/** Number of consecutive rows that most kernels compute together, and that are not divided among workers. */
const DEFAULT_GRAIN = 4;

/**
 * Returns the rows of a call that worker `worker` of `workers` computes, in multiples of the call's grain:
 * all rows if the call is replicated, else a part of them; undefined if the worker does not make the call. A
 * call without rows is made by worker 0 alone, with the range 0 to 0.
 */
export function callPartition(
  { rows, grain = DEFAULT_GRAIN, isReplicated = false }: Call,
  worker: number,
  workers: number,
): Partition | undefined {
  if (isReplicated) return { from: 0, to: rows ?? 0 };
  if (rows === undefined) return worker === 0 ? { from: 0, to: 0 } : undefined;
  const grains = Math.ceil(rows / grain);
  const at = (worker: number) => Math.min(rows, grain * Math.ceil((grains * worker) / workers));
  const partition = { from: at(worker), to: at(worker + 1) };
  return partition.from < partition.to ? partition : undefined;
}

/** Bytes of shared memory, by address, that a worker reads or writes for a call. */
interface Range {
  readonly worker: number;
  readonly start: number;
  readonly end: number;
  readonly isWrite: boolean;
}

/**
 * Returns for each call whether a barrier must come before it.
 *
 * @param addressOf returns the address in bytes of a region
 */
export function findBarriers(
  calls: readonly Call[],
  workers: number,
  addressOf: (region: Region) => number,
): readonly boolean[] {
  const since = Array.from({ length: workers }, (): Range[] => []); // accesses since the last barrier
  return calls.map((call) => {
    const own = accessedRanges(call, workers, addressOf);
    const isNeeded = own.some((range) =>
      since.some((ranges, worker) =>
        worker !== range.worker && ranges.some((earlier) => rangesConflict(earlier, range))
      )
    );
    if (isNeeded) since.forEach((ranges) => ranges.length = 0);
    for (const range of own) since[range.worker].push(range);
    return isNeeded;
  });
}

/**
 * Returns the ranges of shared memory that workers access for a call; none for memory that each worker has
 * itself.
 */
function accessedRanges(
  call: Call,
  workers: number,
  addressOf: (region: Region) => number,
): Range[] {
  return Array.from({ length: workers }, (_, worker) => worker).flatMap((worker) => {
    const partition = callPartition(call, worker, workers);
    if (partition === undefined) return [];
    const range = (isWrite: boolean) => (access: MemoryAccess): Range => {
      const start = addressOf(access.region);
      const [from, to] = accessedByteRange(access, partition);
      return { worker, start: start + from, end: start + to, isWrite };
    };
    const shared = (accesses: readonly MemoryAccess[]) =>
      accesses.filter(({ region }) => !isPerWorker(region.space));
    return [...shared(call.reads).map(range(false)), ...shared(call.writes).map(range(true))];
  });
}

/**
 * Returns the range of bytes that a worker accesses for its rows: the first byte, counted from the start of
 * the access, and the byte after the last.
 */
export function accessedByteRange(
  { bytes, perRow, panels }: MemoryAccess,
  { from, to }: Partition,
): readonly [number, number] {
  if (panels !== undefined) {
    return [bytesBeforePanelRow(panels, from), bytesBeforePanelRow(panels, to)];
  }
  return perRow === undefined ? [0, bytes] : [from * perRow, to * perRow];
}

/** Returns whether two ranges overlap and at least one of them is written. */
function rangesConflict(a: Range, b: Range): boolean {
  return (a.isWrite || b.isWrite) && a.start < b.end && b.start < a.end;
}
