/**
 * A machine whose workers look at the clock: it runs what any machine runs, and says where the time
 * went.
 *
 * @module
 */
import { type Cost, costsOf, countedOf } from "../../lib/engine/program/cost.ts";
import { compileKernels, inSharedMemory } from "../../lib/engine/workers/machine.ts";
import type { Machine, Segment } from "../../lib/engine/backend.ts";
import { planMachine } from "../../lib/engine/wasm/memory_plan.ts";
import type { Plan, Spaces } from "../../lib/engine/backend.ts";
import type { Timeline } from "../../lib/analysis/profile/profile.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { rewind } from "../../lib/engine/workers/protocol.ts";
import type { BoundProgram } from "../../lib/engine/workers/executor.ts";
import type {
  Counted,
  TimedProgram,
  TimedReply,
  TimedRequest,
  Watch,
  Watched,
} from "./timed_worker.ts";

/** Runs programs in workers that look at the clock; owns the workers and the memory. */
export interface TimedMachine extends Machine {
  /** Programs by name, as they were compiled. */
  readonly programs: Plan["programs"];
  /** Runs a segment, and gives what the clock said after each call, a timeline for each worker. */
  watchCalls(segment: Segment): Promise<Timelines>;
  /** Runs a segment without looking at single calls; the time of each step in microseconds. */
  watchSteps(segment: Segment): Promise<readonly number[]>;
  /** Runs a segment by one worker, and gives what its operations cost: the mean over the steps. */
  costs(segment: Segment): Promise<readonly Cost[]>;
}

/** A timeline for each worker, of whom there is at least one. */
export type Timelines = readonly [Timeline, ...Timeline[]];

/** Microseconds that one look at the clock takes: the mean of many. */
export function clockTime(): number {
  const looks = 100_000;
  const begun = performance.now();
  for (let look = 0; look < looks; look++) performance.now();
  return 1000 * (performance.now() - begun) / looks;
}

/**
 * Opens a machine whose workers look at the clock. What needs no clock it does like any other, but it
 * cannot be stopped within a segment.
 *
 * @throws {RangeError} if more memory is needed than 32-bit addresses reach
 * @throws {TypeError} if the programs do not fit each other or the data
 */
export async function openTimedMachine(plan: Plan): Promise<TimedMachine> {
  const { workers: count = 1 } = plan;
  const { memory, spaces, programs, sources: planned } = planMachine(plan);
  const sources = planned.map(({ features, values }) => ({
    features,
    values: inSharedMemory(values),
  }));
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const names = programs.map(([name]) => name);
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL("./timed_worker.ts", import.meta.url), { type: "module" }),
  );
  const askAll = (requestOf: (worker: number) => TimedRequest) =>
    Promise.all(workers.map((worker, index) => ask(worker, requestOf(index))));
  const close = () => workers.forEach((worker) => worker.terminate());
  const kernels = compileKernels();
  const timed = programs.map(([name, shares]) => {
    const program = plan.programs[name];
    return shares.map((bound) => ({ bound, counted: countedIn(program, bound, spaces) }));
  });
  const origins = await askAll((worker) => ({
    kind: "open",
    memory,
    kernels,
    sources,
    workers: count,
    programs: timed.map((shares) => shares[worker] as TimedProgram),
  }));
  const watch = async ({ program, from, to }: Segment, watch: Watch): Promise<Watched[]> => {
    rewind(control, count);
    const request = { kind: "run", program: names.indexOf(program), from, to, watch } as const;
    const replies = await askAll(() => request);
    return replies.map((reply, worker) => sinceMain(reply, origins[worker]));
  };
  return {
    ...spaces,
    programs: plan.programs,
    async watchCalls(segment) {
      const watched = await watch(segment, "calls");
      const shares = programs[names.indexOf(segment.program)]?.[1] ?? [];
      return watched.map(({ moments }, worker): Timeline => ({
        intervals: [
          ...(count === 1 ? [] : [undefined]),
          ...shares[worker].calls.map(({ call }) => call),
        ],
        moments,
      })) as unknown as Timelines;
    },
    async watchSteps(segment) {
      const [{ moments }] = await watch(segment, "steps") as [Watched];
      const perStep = count === 1 ? 2 : 3;
      return Array.from({ length: segment.to - segment.from }, (_, step) => {
        const begun = moments[step * perStep];
        return moments[step * perStep + perStep - 1] - begun;
      });
    },
    async costs(segment) {
      const [{ entries }] = await watch(segment, "entries") as [Watched];
      const program = plan.programs[segment.program];
      const counted = program.calls.flatMap(countedOf);
      const steps = segment.to - segment.from;
      return costsOf(program, (of) => entries[counted.indexOf(of)] / steps);
    },
    async run(segment) {
      await watch(segment, "steps");
      return segment.to;
    },
    read() {
      throw new TypeError("Cannot read other values: expected a machine without a clock");
    },
    stop: () => {},
    resume: () => {},
    stepsDone: () => 0,
    times: () => undefined,
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}

/** Asks a worker; rejects if it fails. */
function ask(worker: Worker, request: TimedRequest): Promise<TimedReply> {
  const { promise, resolve, reject } = Promise.withResolvers<TimedReply>();
  const fail = (message: string) => reject(new Error(`Cannot go on: a worker failed: ${message}`));
  worker.onmessage = ({ data }: MessageEvent<TimedReply>) =>
    data.kind === "failed" ? fail(data.message) : resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  worker.postMessage(request);
  return promise;
}

/** What the costs of a worker's calls depend on, and where it stands. */
function countedIn(
  { calls }: Program,
  bound: BoundProgram,
  spaces: Spaces,
): readonly Counted[] {
  return bound.calls.flatMap(({ call }) => {
    if (call === undefined) return [];
    return countedOf(calls[call]).map((of): Counted => {
      const { space, offset } = "lists" in of ? of.counts : of.numbers;
      const address = spaces.integers(space).byteOffset + offset;
      return "lists" in of
        ? { call, kind: "lists", address, length: of.lists }
        : { call, kind: "numbers", address, length: of.length };
    });
  });
}

/** What a worker has taken down, by main's clock; each has its own. */
function sinceMain(reply: TimedReply, opened: TimedReply): Watched {
  if (reply.kind !== "watched" || opened.kind !== "ready") {
    throw new TypeError(`Cannot go on: expected what was watched: received "${reply.kind}"`);
  }
  const before = 1000 * (opened.timeOrigin - performance.timeOrigin);
  const { moments, entries } = reply.watched;
  return { moments: moments.map((moment) => moment + before), entries };
}
