/**
 * Machines: a shared memory, and workers that execute programs in it. The main thread writes inputs, starts
 * segments and awaits them; it never computes and never blocks.
 *
 * @module
 */

import type { Machine, Plan, Segment, Spaces } from "../backend.ts";
import { connectToWorker } from "./connection.ts";
import type { KernelSource } from "./kernel_module.ts";
import {
  abortWorkers,
  type Reply,
  type Request,
  resetControlWords,
  STEPS_WORD,
  STOP_WORD,
  type Timing,
} from "./protocol.ts";
import { allocateTimeSums, averageTimes } from "./stopwatch.ts";
import { instantiateKernels, makePhase, type SourceRows } from "./executor.ts";
import { KERNELS } from "../wasm/kernels.ts";
import { allocateMachineMemory } from "../wasm/memory_plan.ts";

/** Compiled module of the kernels, once there is one. */
let compiled: WebAssembly.Module | undefined;

/**
 * Returns the compiled module of the kernels. It is compiled once, so that later machines use the code that
 * V8 has optimized.
 */
export function compileKernels(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(decodeKernels());
}

/** Returns the bytes of the kernels' module. */
function decodeKernels(): Uint8Array<ArrayBuffer> {
  const text = atob(KERNELS.replaceAll("\n", ""));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Returns the values in shared memory: the same array if its memory is shared, else a copy. */
function toSharedMemory(values: SourceRows["values"]): SourceRows["values"] {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const shared = values instanceof Uint8Array ? new Uint8Array(buffer) : new Float32Array(buffer);
  shared.set(values);
  return shared;
}

/**
 * Replaces the values of the data set with a name in the list `sources`.
 *
 * @throws {TypeError} if the plan lacks the data set, or its values have another type
 */
function replaceSourceValues(
  plan: Plan,
  sources: SourceRows[],
  name: string,
  values: SourceRows["values"],
): void {
  const index = Object.keys(plan.sources).indexOf(name);
  const known = sources[index];
  if (known === undefined || known.values.BYTES_PER_ELEMENT !== values.BYTES_PER_ELEMENT) {
    const names = Object.entries(plan.sources)
      .map(([name, { values }]) => `"${name}" of ${8 * values.BYTES_PER_ELEMENT} bits`);
    throw new TypeError(
      `Cannot replace values: expected those of ${names.join(" or ")}: ` +
        `received "${name}" of ${8 * values.BYTES_PER_ELEMENT} bits`,
    );
  }
  sources[index] = { features: known.features, values };
}

/**
 * Throws a RangeError unless the plan has the segment's program, and its number of steps allows the segment.
 */
function expectSegment({ programs, steps }: Plan, { program, from, to }: Segment): void {
  if (!Object.hasOwn(programs, program)) {
    const names = Object.keys(programs).map((name) => `"${name}"`).join(", ");
    throw new RangeError(`Cannot run: expected one of ${names}: received "${program}"`);
  }
  if (Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= steps) {
    return;
  }
  throw new RangeError(`Cannot run: expected steps of 0 to ${steps}: received ${from} to ${to}`);
}

/**
 * Opens a machine with workers. Kernels of `source`, if there is one, replace or extend the engine's own.
 * Rejects as `Backend.open()` does, and if a worker fails.
 */
export async function openMachine(plan: Plan, source?: KernelSource): Promise<Machine> {
  const { workers = 1 } = plan;
  const { memory, spaces, programs, ...planned } = allocateMachineMemory(plan);
  const sources = planned.sources.map(({ features, values }) => ({
    features,
    values: toSharedMemory(values),
  }));
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const names = programs.map(([name]) => name);
  const timings = allocateTimings(plan);
  let running: Segment | undefined;
  const runningStep = () => {
    if (running === undefined) return "";
    const step = running.from + Atomics.load(control, STEPS_WORD) + 1;
    return ` in step ${step} of program "${running.program}"`;
  };
  const connections = Array.from({ length: workers }, (_, worker) => {
    const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return connectToWorker(started, { name: `worker ${worker + 1} of ${workers}`, runningStep });
  });
  const close = () => {
    abortWorkers(control); // a busy worker ends only after its segment
    connections.forEach((connection) => connection.close());
  };
  const requestAll = async (requestOf: (worker: number) => Request): Promise<Reply> => {
    const replies = connections.map((connection, worker) => connection.request(requestOf(worker)));
    for (const reply of replies) reply.catch(() => abortWorkers(control)); // the others would wait forever
    const results = await Promise.allSettled(replies);
    const failures = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as Error] : []
    );
    // A failed worker aborts the others, which fail too: the first failure is the cause
    const [first] = failures.toSorted((a, b) =>
      Number(isCausedByAbort(a)) - Number(isCausedByAbort(b))
    );
    if (first !== undefined) throw first;
    return await replies[0];
  };
  try {
    const kernels = compileKernels();
    await requestAll((worker) => ({
      kind: "open",
      memory,
      kernels,
      worker,
      workers,
      source,
      lifeline: `ann-mlp worker ${crypto.randomUUID()}`,
      timing: timings[worker],
      programs: programs.map(([, partitions]) => partitions),
    }));
  } catch (error) {
    close();
    throw error;
  }
  return {
    ...spaces,
    async run(segment) {
      expectSegment(plan, segment);
      if (running !== undefined) {
        throw new Error("Cannot run: expected idle workers: received a segment while another runs");
      }
      const { program, from, to, tapes } = segment;
      resetControlWords(control, workers); // workers are idle, even after a failure
      const request = { kind: "run", program: names.indexOf(program), from, to, sources } as const;
      running = segment;
      try {
        const reply = await requestAll((worker) => ({ ...request, tape: tapes?.[worker] }));
        return reply.kind === "ran" ? reply.step : from;
      } finally {
        running = undefined;
      }
    },
    read: (name, values) => replaceSourceValues(plan, sources, name, toSharedMemory(values)),
    stop: () => void Atomics.store(control, STOP_WORD, 1),
    resume: () => void Atomics.store(control, STOP_WORD, 0),
    stepsDone: () => Atomics.load(control, STEPS_WORD),
    times(program) {
      const [first, ...others] = timings.map(({ sums }) => sums[names.indexOf(program)]);
      return first && averageTimes([first, ...others]);
    },
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}

/**
 * Returns the clock and the memory for sums of times of each worker. Returns an empty list if the plan has no
 * clock.
 */
function allocateTimings({ programs, workers = 1, clock }: Plan): readonly Timing[] {
  if (clock === undefined) return [];
  return Array.from({ length: workers }, () => ({
    clock,
    sums: Object.values(programs).map(({ calls }) => allocateTimeSums(calls.length)),
  }));
}

/**
 * Returns whether a worker failed only because another one had failed before. The barrier of such a worker
 * traps by `unreachable`, which the error's message names.
 */
function isCausedByAbort({ message }: Error): boolean {
  return message.includes("unreachable");
}

/**
 * A machine on the calling thread, without workers; results have the bits that a machine with workers gives.
 */
export interface LocalMachine extends Spaces {
  /**
   * Runs one step of the program with a name. `step` is the index of the step's entries in spaces. Defaults
   * to 0.
   */
  run(program: string, step?: number): void;
  /** Replaces the values of a data set for later steps: row-major, of the same type and number of features. */
  read(name: string, values: SourceRows["values"]): void;
}

/**
 * Opens a machine on the calling thread, and ignores the number of workers. Throws as `Backend.open()`
 * rejects.
 */
export function openLocalMachine(plan: Plan): LocalMachine {
  const { memory, spaces, programs, sources } = allocateMachineMemory({ ...plan, workers: 1 });
  const kernels = instantiateKernels(compileKernels(), memory, sources);
  const phases = new Map(programs.map(([name, [program]]) => [
    name,
    makePhase(program, memory, kernels),
  ]));
  return {
    ...spaces,
    run(program, step = 0) {
      expectSegment(plan, { program, from: step, to: step + 1 });
      phases.get(program)?.(step);
    },
    read: (name, values) => replaceSourceValues(plan, sources, name, values),
  };
}

/**
 * Opens a machine that computes steps on the calling thread, for environments without workers. A segment
 * blocks the thread until its end, so a stop takes effect before the next segment.
 */
export function openSingleThread(plan: Plan): Promise<Machine> {
  const { run, ...local } = openLocalMachine(plan);
  let [done, stopped] = [0, false];
  const machine: Machine = {
    ...local,
    async run({ program, from, to, tapes }) {
      if (tapes !== undefined) {
        throw new TypeError("Cannot record: expected workers: received a machine of one thread");
      }
      expectSegment(plan, { program, from, to });
      for (done = 0; from + done < to && !stopped; done++) run(program, from + done);
      return await from + done;
    },
    stop: () => void (stopped = true),
    resume: () => void (stopped = false),
    stepsDone: () => done,
    times: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return Promise.resolve(machine);
}
