/**
 * The module that runs in a worker: executes the worker's partitions of programs, one segment after the
 * other.
 *
 * @module
 */

import { extendKernels } from "./kernel_module.ts";
import { abortWorkers, type Reply, type Request, type Timing } from "./protocol.ts";
import {
  type RecordedExecutor,
  runRecordedSegment,
  runTimedSegment,
  type TimedExecutor,
} from "./segment.ts";
import { type ClockModule, createStopwatch } from "./stopwatch.ts";
import { createRecorder } from "./tape.ts";
import { type BarrierKernels, type Executor, runPhases } from "./barrier.ts";
import {
  type BoundProgram,
  instantiateKernels,
  makePhases,
  type Phase,
  type SourceRows,
  type Watcher,
} from "./executor.ts";

type OpenRequest = Extract<Request, { readonly kind: "open" }>;
type RunRequest = Extract<Request, { readonly kind: "run" }>;

/** Programs that the worker can execute, with their data sets and control words. */
interface Opened {
  readonly programs: readonly Executors[];
  /** Data sets, which each request to run replaces. */
  readonly sources: SourceRows[];
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Executors of a program: plain, timed and recorded. The last two exist only with a clock. */
interface Executors {
  readonly plain: Executor;
  readonly timed?: TimedExecutor;
  readonly recorded?: RecordedExecutor;
}

/** Instantiates the kernels and creates the executors of a request's programs. */
async function openPrograms(request: OpenRequest): Promise<Opened> {
  const { memory, worker, workers, timing } = request;
  const sources: SourceRows[] = [];
  const own = instantiateKernels(request.kernels, memory, sources);
  const exports = await extendKernels(own, memory, request.source);
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const kernels = exports as unknown as BarrierKernels;
  const executorOf = (partitions: readonly BoundProgram[], watcher?: Watcher): Executor => ({
    worker,
    workers,
    control,
    kernels,
    phasesOf: createPhasesOnDemand((partition) =>
      makePhases(partitions[partition], memory, exports, watcher)
    ),
  });
  const timers = timing && await createTimers(timing);
  const programs = request.programs.map((partitions, index): Executors => {
    const plain = executorOf(partitions);
    if (timers === undefined) return { plain };
    const { stopwatches: { [index]: stopwatch }, recorder } = timers;
    return {
      plain,
      timed: { plain, timed: executorOf(partitions, stopwatch), stopwatch },
      recorded: { plain, recorded: executorOf(partitions, recorder), recorder },
    };
  });
  for (const { plain, timed } of programs) {
    plain.phasesOf(worker); // phases of other partitions, and recorded ones, are created on demand
    timed?.timed.phasesOf(worker);
  }
  return { programs, sources, control };
}

/** Imports a clock. Returns a stopwatch for each program, and a recorder. */
async function createTimers({ clock: url, sums }: Timing) {
  const clock = await import(url) as ClockModule;
  const stopwatches = sums.map((each) => createStopwatch(each, clock.now));
  return { stopwatches, recorder: createRecorder(clock) };
}

/** Returns a function that creates the phases of a partition at the first call for it, and keeps them. */
function createPhasesOnDemand(
  makePhasesOf: (partition: number) => readonly Phase[],
): Executor["phasesOf"] {
  const cached: (readonly Phase[])[] = [];
  return (partition) => cached[partition] ??= makePhasesOf(partition);
}

/**
 * Executes the segment of a request: recorded if it has a tape, else timed if there is a clock. Returns the
 * first step that was not executed.
 */
function runSegment({ plain, timed, recorded }: Executors, { from, to, tape }: RunRequest): number {
  if (tape === undefined) {
    return timed === undefined ? runPhases(plain, from, to) : runTimedSegment(timed, from, to);
  }
  if (recorded === undefined) {
    throw new TypeError("Cannot record: expected a machine with a clock: received one without");
  }
  return runRecordedSegment(recorded, tape, from, to);
}

/** Acquires a lock and holds it until the worker ends for any reason. The system then releases it. */
async function holdLockForLife(lock: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  navigator.locks.request(lock, () => {
    resolve();
    return new Promise<never>(() => {});
  });
  await promise;
}

/** Answers each request that the worker receives with one reply. */
function serveRequests(scope: DedicatedWorkerGlobalScope): void {
  let opened: Opened | undefined;
  const answer = async (request: Request): Promise<Reply> => {
    if (request.kind === "open") {
      await holdLockForLife(request.lifeline);
      opened = await openPrograms(request);
      return { kind: "ready" };
    }
    const { program, sources } = request;
    const executors = opened?.programs[program];
    if (executors === undefined) {
      throw new TypeError("Cannot run: expected an open worker: received a request before opening");
    }
    opened?.sources.splice(0, sources.length, ...sources);
    return { kind: "ran", step: runSegment(executors, request) };
  };
  scope.onmessage = async ({ data }: MessageEvent<Request>) => {
    try {
      scope.postMessage(await answer(data));
    } catch (error) {
      if (opened !== undefined) abortWorkers(opened.control);
      scope.postMessage({ kind: "failed", message: String(error) } satisfies Reply);
    }
  };
}

serveRequests(globalThis as unknown as DedicatedWorkerGlobalScope);
