/**
 * A worker: walks the programs it was given, a segment at a time.
 *
 * @module
 */

import { withKernels } from "./kernel_module.ts";
import { abort, type Reply, type Request, type Timing } from "./protocol.ts";
import { walkTimed } from "./segment.ts";
import { type ClockModule, type Stopwatch, stopwatchOn } from "./stopwatch.ts";
import { type Shared, type Turns, walkTogether } from "./barrier.ts";
import {
  type BoundProgram,
  instantiateKernels,
  makePhases,
  makeWatchedPhases,
  type SourceRows,
  type Walk,
} from "./executor.ts";

/** What a worker has once it was opened. */
interface Opened {
  /** Each program. */
  readonly programs: readonly WalkSegment[];
  /** The data sets that programs read; those of the segment at hand. */
  readonly sources: SourceRows[];
  /** The control words at the start of the memory. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Walks a segment of a program together with the other workers. */
type WalkSegment = (from: number, to: number) => number;

async function open(
  { memory, kernels, programs, worker, workers, source, timing }: Request & { kind: "open" },
): Promise<Opened> {
  const sources: SourceRows[] = [];
  const own = instantiateKernels(kernels, memory, sources);
  const exports = await withKernels(own, memory, source);
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const turns = exports as unknown as Turns;
  const stopwatches = await stopwatchesOf(timing);
  const walkOf = (shares: readonly BoundProgram[], index: number): WalkSegment => {
    const sharedBy = (phasesIn: (bound: BoundProgram) => readonly Walk[]): Shared => {
      const made: (readonly Walk[])[] = [];
      const phasesOf = (share: number) => made[share] ??= phasesIn(shares[share]);
      phasesOf(worker); // the others' are made when they are needed
      return { worker, workers, phasesOf, control, turns };
    };
    const plain = sharedBy((bound) => makePhases(bound, memory, exports));
    const stopwatch = stopwatches[index];
    if (stopwatch === undefined) return (from, to) => walkTogether(plain, from, to);
    const timed = sharedBy((bound) =>
      makeWatchedPhases(bound, memory, exports, { before: stopwatch.wait, after: stopwatch.lap })
    );
    return (from, to) => walkTimed({ plain, timed, stopwatch }, from, to);
  };
  return { programs: programs.map(walkOf), sources, control };
}

/** A stopwatch for each program, if steps are timed. */
async function stopwatchesOf(
  timing: Timing | undefined,
): Promise<readonly Stopwatch[]> {
  if (timing === undefined) return [];
  const { now } = await import(timing.clock) as ClockModule;
  return timing.sums.map((sums) => stopwatchOn(sums, now));
}

/** Holds a lock until the worker ends, in whatever way: then the system releases it. */
async function holdForLife(lock: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  navigator.locks.request(lock, () => {
    resolve();
    return new Promise<never>(() => {});
  });
  await promise;
}

function serve(scope: DedicatedWorkerGlobalScope): void {
  let opened: Opened | undefined;
  const answer = async (request: Request): Promise<Reply> => {
    if (request.kind === "open") {
      await holdForLife(request.lifeline);
      opened = await open(request);
      return { kind: "ready" };
    }
    const { program, from, to, sources } = request;
    const walk = opened?.programs[program];
    if (walk === undefined) throw new TypeError("Cannot run: expected to be opened first");
    opened?.sources.splice(0, sources.length, ...sources);
    return { kind: "ran", step: walk(from, to) };
  };
  scope.onmessage = async ({ data }: MessageEvent<Request>) => {
    try {
      scope.postMessage(await answer(data));
    } catch (error) {
      if (opened !== undefined) abort(opened.control);
      scope.postMessage({ kind: "failed", message: String(error) } satisfies Reply);
    }
  };
}

serve(globalThis as unknown as DedicatedWorkerGlobalScope);
