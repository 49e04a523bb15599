/**
 * Partitions the calls of a program among workers, and finds the barriers between calls. Each worker
 * computes a range of rows of each call, or of rows of panels. A barrier is needed only where a worker
 * would read memory that another wrote, or overwrite memory that another still reads. A replicated call,
 * which every worker computes in full in memory of its own, needs none.
 *
 * A worker's range depends only on the number of rows. So operations on the rows of a batch follow each
 * other without a barrier, and an update follows the product that computed its gradient, panel by panel; a
 * sum over rows has a barrier before it. Results do not depend on the partition: each number is computed
 * by one worker, in one order.
 *
 * @module
 */

import {
  bytesBeforePanelRow,
  type Call,
  isPrivate,
  type MemoryAccess,
  type Region,
} from "./program.ts";

export interface Partition {
  readonly from: number;
  readonly to: number;
}

/** Rows that most kernels compute together. */
const GRAIN = 4;

/** Returns a worker's range of a call's rows, in whole grains; undefined if it has none. */
export function callPartition(
  { rows, grain = GRAIN, isReplicated = false }: Call,
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

interface Range {
  readonly worker: number;
  readonly start: number;
  readonly end: number;
  readonly isWrite: boolean;
}

/** Returns for each call whether workers must wait for each other before it. */
export function barriersOf(
  calls: readonly Call[],
  workers: number,
  addressOf: (region: Region) => number,
): readonly boolean[] {
  const since = Array.from({ length: workers }, (): Range[] => []); // accesses since the last barrier
  return calls.map((call) => {
    const own = rangesOf(call, workers, addressOf);
    const isNeeded = own.some((range) =>
      since.some((ranges, worker) =>
        worker !== range.worker && ranges.some((earlier) => conflict(earlier, range))
      )
    );
    if (isNeeded) since.forEach((ranges) => ranges.length = 0);
    for (const range of own) since[range.worker].push(range);
    return isNeeded;
  });
}

function rangesOf(call: Call, workers: number, addressOf: (region: Region) => number): Range[] {
  return Array.from({ length: workers }, (_, worker) => worker).flatMap((worker) => {
    const partition = callPartition(call, worker, workers);
    if (partition === undefined) return [];
    const range = (isWrite: boolean) => (access: MemoryAccess): Range => {
      const start = addressOf(access.region);
      const [from, to] = bytesOf(access, partition);
      return { worker, start: start + from, end: start + to, isWrite };
    };
    const shared = (accesses: readonly MemoryAccess[]) =>
      accesses.filter(({ region }) => !isPrivate(region.space));
    return [...shared(call.reads).map(range(false)), ...shared(call.writes).map(range(true))];
  });
}

/** Returns the first byte of a region that a worker accesses for its range of rows, and the one after the last. */
export function bytesOf(
  { bytes, perRow, panels }: MemoryAccess,
  { from, to }: Partition,
): readonly [number, number] {
  if (panels !== undefined) {
    return [bytesBeforePanelRow(panels, from), bytesBeforePanelRow(panels, to)];
  }
  return perRow === undefined ? [0, bytes] : [from * perRow, to * perRow];
}

function conflict(a: Range, b: Range): boolean {
  return (a.isWrite || b.isWrite) && a.start < b.end && b.start < a.end;
}
