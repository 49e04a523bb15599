/**
 * How workers share a program: each computes its own rows of each call, or rows of panels, and they
 * wait for each other only where one would read what another wrote, or overwrite what another still
 * reads. A call of which every worker computes all, in memory of its own, makes nobody wait.
 *
 * Which rows a worker takes depends on their number alone. So operations on the rows of a batch follow
 * each other without a barrier, and so does an update the product that made its gradient, panel by
 * panel; a sum over the rows has one before it. No number depends on how the rows are shared out: each
 * is computed by one worker, in one order.
 *
 * @module
 */

import { bytesBeforePanelRow, type Call, isPrivate, type Place, type Touch } from "./program.ts";

export interface Share {
  readonly from: number;
  readonly to: number;
}

/** What kernels mostly compute at a time. */
const GRAIN = 4;

/** The rows of a call that a worker takes, in grains; undefined if it has nothing to do. */
export function callShare(
  { rows, grain = GRAIN, isEveryones = false }: Call,
  worker: number,
  workers: number,
): Share | undefined {
  if (isEveryones) return { from: 0, to: rows ?? 0 };
  if (rows === undefined) return worker === 0 ? { from: 0, to: 0 } : undefined;
  const grains = Math.ceil(rows / grain);
  const at = (worker: number) => Math.min(rows, grain * Math.ceil((grains * worker) / workers));
  const share = { from: at(worker), to: at(worker + 1) };
  return share.from < share.to ? share : undefined;
}

interface Range {
  readonly worker: number;
  readonly start: number;
  readonly end: number;
  readonly isWrite: boolean;
}

export function barriersOf(
  calls: readonly Call[],
  workers: number,
  addressOf: (place: Place) => number,
): readonly boolean[] {
  const since = Array.from({ length: workers }, (): Range[] => []); // the last barrier
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

function rangesOf(call: Call, workers: number, addressOf: (place: Place) => number): Range[] {
  return Array.from({ length: workers }, (_, worker) => worker).flatMap((worker) => {
    const share = callShare(call, worker, workers);
    if (share === undefined) return [];
    const range = (isWrite: boolean) => (touch: Touch): Range => {
      const start = addressOf(touch.place);
      const [from, to] = bytesOf(touch, share);
      return { worker, start: start + from, end: start + to, isWrite };
    };
    const shared = (touches: readonly Touch[]) =>
      touches.filter(({ place }) => !isPrivate(place.space));
    return [...shared(call.reads).map(range(false)), ...shared(call.writes).map(range(true))];
  });
}

/** The bytes of a place that a worker touches with its share, from one up to another. */
export function bytesOf(
  { bytes, perRow, panels }: Touch,
  { from, to }: Share,
): readonly [number, number] {
  if (panels !== undefined) {
    return [bytesBeforePanelRow(panels, from), bytesBeforePanelRow(panels, to)];
  }
  return perRow === undefined ? [0, bytes] : [from * perRow, to * perRow];
}

function conflict(a: Range, b: Range): boolean {
  return (a.isWrite || b.isWrite) && a.start < b.end && b.start < a.end;
}
