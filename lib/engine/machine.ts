/**
 * The machine that programs run on: a shared memory, and workers that walk programs in it. Main
 * fills inputs, starts segments and awaits them; it never computes and never blocks.
 *
 * @module
 */

import { type AliasedProgram, bind, mapMemory, type MemoryMap } from "./binding.ts";
import type { Backend } from "./backend.ts";
import type { Layouts, Program } from "./program.ts";
import { KERNELS } from "./wasm/kernels.ts";
import { scaleOf, type StoredFeatures } from "./sources.ts";
import { type BoundProgram, instantiateKernels, makeWalk, type SourceRows } from "./walker.ts";
import { connect } from "./connection.ts";
import { abort, type Reply, type Request, rewind, STEPS_WORD, STOP_WORD } from "./protocol.ts";

/** What a machine is made for. */
export interface Plan {
  /** The programs that will run, by name. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Spaces that stand for others in a program: evaluating on test data instead of training data. */
  readonly aliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The data sets that programs read, by name. */
  readonly sources: Readonly<Record<string, Pick<StoredFeatures, "features" | "values" | "scale">>>;
  /** Inputs and outputs ("in:rows", "out:loss") that have an entry for each step of a segment. */
  readonly perStep: readonly string[];
  /** The most steps that one segment may have. */
  readonly steps: number;
  /** How many workers share the work; 1 if not given. The results do not depend on it. */
  readonly workers?: number | undefined;
  /** Who computes: the engine's own kernels, exactly, if not given. */
  readonly backend?: Backend | undefined;
}

/** A run of successive steps of one program. */
export interface Segment {
  /** Name of the program. */
  readonly program: string;
  /** First step, as an index of the arrays that have an entry for each. */
  readonly from: number;
  /** The step to stop before. */
  readonly to: number;
}

/** Views of a machine's memory, by the names of the programs' spaces. */
export interface Spaces {
  /** Elements of a space. */
  floats(space: string): Float32Array<SharedArrayBuffer>;
  /** Integers of a space. */
  integers(space: string): Int32Array<SharedArrayBuffer>;
  /** How many elements apart a space's entries of successive steps are; 0 if it has but one. */
  stride(space: string): number;
  /** How each input's matrices lie. */
  readonly layouts: Layouts;
}

/** Runs programs in workers; owns the workers and the memory. */
export interface Machine extends Spaces, AsyncDisposable {
  /**
   * Runs a segment; resolves to the step it stopped before: `to`, unless it was stopped. Rejects if
   * a worker fails, if another segment is running, or when the machine is closed.
   */
  run(segment: Segment): Promise<number>;
  /**
   * Has later segments read other values of a data set: row-major, of the same type and features.
   * What is not in shared memory is copied there.
   */
  read(name: string, values: SourceRows["values"]): void;
  /** Has the running segment end with its current step, and later ones not begin, until resumed. */
  stop(): void;
  /** Lets segments run again after a stop. */
  resume(): void;
  /** Steps walked of the running segment, or of the last one. */
  stepsDone(): number;
}

/** The kernels, compiled. */
export function compileKernels(): WebAssembly.Module {
  const text = atob(KERNELS.replaceAll("\n", ""));
  return new WebAssembly.Module(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}

const PAGE = 65536;

/**
 * All that 32-bit addresses reach is reserved, though nothing beyond the plan is ever used: so a wrong
 * address hits pages that nobody may touch, also where V8 was told to leave its comparisons out
 * (`--no-wasm-bounds-checks`). Then the process ends by a fault, instead of an exception.
 */
const MOST_PAGES = 65536;

/** Memory for a plan, and the data sets outside it. */
export interface PlannedMemory {
  /** The memory. */
  readonly memory: WebAssembly.Memory;
  /** Views of its spaces. */
  readonly spaces: Spaces;
  /** Each program shared out: its name, and a bound program for each worker. */
  readonly programs: readonly (readonly [string, readonly BoundProgram[]])[];
  /** The data sets, in the order in which programs know them; to be replaced by others. */
  readonly sources: SourceRows[];
}

/**
 * Lays out the memory for a plan.
 *
 * @throws {RangeError} if more memory is needed than 32-bit addresses reach
 * @throws {TypeError} if the programs do not fit each other or the data
 */
export function planMachine(plan: Plan): PlannedMemory {
  const { workers = 1, steps } = plan;
  const sources = Object.entries(plan.sources);
  const scales = sources.map(([name, { scale }]) => [scaleOf(name).space, scale] as const);
  const map = mapMemory(
    aliased(plan),
    Object.fromEntries(scales.map(([space, { byteLength }]) => [space, byteLength])),
    { perStep: new Set(plan.perStep), steps, workers },
  );
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(map.bytes / PAGE),
    maximum: MOST_PAGES,
    shared: true,
  });
  const spaces = views(plan, map, memory);
  for (const [space, scale] of scales) spaces.floats(space).set(scale);
  const names = Object.keys(plan.programs);
  const shared = { workers, sources: sources.map(([name]) => name) };
  const programs = aliased(plan).map((program, index) =>
    [names[index] as string, bind(program, map, shared)] as const
  );
  return {
    ...{ memory, spaces, programs },
    sources: sources.map(([, { features, values }]) => ({ features, values })),
  };
}

/** Values where workers reach them: they are copied unless they lie there. */
export function inSharedMemory(values: SourceRows["values"]): SourceRows["values"] {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const shared = values instanceof Uint8Array ? new Uint8Array(buffer) : new Float32Array(buffer);
  shared.set(values);
  return shared;
}

/** Puts other values in the place of those of a data set. */
function replaceRows(
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
      `Cannot read other values: expected those of ${names.join(" or ")}: ` +
        `received "${name}" of ${8 * values.BYTES_PER_ELEMENT} bits`,
    );
  }
  sources[index] = { features: known.features, values };
}

function aliased({ programs, aliases }: Plan): readonly AliasedProgram[] {
  return Object.entries(programs).map(([name, program]) => ({
    program,
    aliases: aliases?.[name] ?? {},
  }));
}

/** Views of a memory's spaces. */
function views(plan: Plan, { addresses }: MemoryMap, memory: WebAssembly.Memory): Spaces {
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const extent = (space: string): readonly [number, number] => {
    const found = addresses.get(space);
    if (found === undefined) {
      throw new RangeError(
        `Cannot read memory: expected a space of the programs: received "${space}"`,
      );
    }
    return [found.address, found.bytes / 4];
  };
  return {
    floats: (space: string) => new Float32Array(buffer, ...extent(space)),
    integers: (space: string) => new Int32Array(buffer, ...extent(space)),
    stride: (space: string) => (addresses.get(space)?.stride ?? 0) / 4,
    layouts: commonLayouts(plan),
  };
}

/** The layouts of all inputs; programs that share an input's space have to agree on it. */
function commonLayouts({ programs, aliases }: Plan): Layouts {
  const layouts = new Map<string, Layouts[string]>();
  for (const [program, { spaces, layouts: own }] of Object.entries(programs)) {
    for (const inner of Object.keys(spaces)) {
      const space = aliases?.[program]?.[inner] ?? inner;
      if (!inner.startsWith("in:") || !space.startsWith("in:")) continue;
      const name = space.slice("in:".length);
      const regions = own[inner.slice("in:".length)] ?? [];
      const known = layouts.get(name) ?? regions;
      if (JSON.stringify(known) !== JSON.stringify(regions)) {
        throw new TypeError(
          `Cannot open a machine: expected "${name}" to lie alike in all programs: ` +
            `received another layout in "${program}"`,
        );
      }
      layouts.set(name, regions);
    }
  }
  return Object.fromEntries(layouts);
}

/** Throws unless a segment is one of the plan's. */
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
 * Opens a machine: lays out the memory and starts the workers. Data sets in shared memory are read
 * where they are, by all workers; others are copied once.
 *
 * @throws {RangeError} if more memory is needed than 32-bit addresses reach
 * @throws {TypeError} if the programs do not fit each other or the data
 */
export async function openMachine(plan: Plan): Promise<Machine> {
  const { workers = 1 } = plan;
  const { memory, spaces, programs, ...planned } = planMachine(plan);
  const sources = planned.sources.map(({ features, values }) => ({
    features,
    values: inSharedMemory(values),
  }));
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const names = programs.map(([name]) => name);
  let running: Segment | undefined;
  const place = () => running === undefined ? "" : placeIn(running, control);
  const connections = Array.from({ length: workers }, (_, worker) => {
    const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return connect(made, { name: `worker ${worker + 1} of ${workers}`, place });
  });
  const close = () => {
    abort(control); // a worker that is at work ends no sooner than its segment
    connections.forEach((connection) => connection.close());
  };
  const askAll = async (requestOf: (worker: number) => Request): Promise<Reply> => {
    const asked = connections.map((connection, worker) => connection.ask(requestOf(worker)));
    for (const answer of asked) answer.catch(() => abort(control)); // or the others would wait for it
    const answers = await Promise.allSettled(asked);
    const failures = answers.flatMap((answer) =>
      answer.status === "rejected" ? [answer.reason as Error] : []
    );
    // Where one has failed, the others were told not to wait for it, and failed as well
    const [first] = failures.toSorted((a, b) => Number(isAborted(a)) - Number(isAborted(b)));
    if (first !== undefined) throw first;
    return (await asked[0]) as Reply;
  };
  try {
    const kernels = compileKernels();
    await askAll((worker) => ({
      kind: "open",
      ...{ memory, kernels, worker, workers, backend: plan.backend },
      lifeline: `ann-mlp worker ${crypto.randomUUID()}`,
      programs: programs.map(([, shares]) => shares),
    }));
  } catch (error) {
    close();
    throw error;
  }
  return {
    ...spaces,
    async run(segment) {
      expectSegment(plan, segment);
      if (running !== undefined) throw new Error("Cannot run: expected the workers to be at rest");
      const { program, from, to } = segment;
      rewind(control, workers); // they are at rest, even after a failure
      const request = { kind: "run", program: names.indexOf(program), from, to, sources } as const;
      running = segment;
      try {
        const reply = await askAll(() => request);
        return reply.kind === "ran" ? reply.step : from;
      } finally {
        running = undefined;
      }
    },
    read: (name, values) => replaceRows(plan, sources, name, inSharedMemory(values)),
    stop: () => void Atomics.store(control, STOP_WORD, 1),
    resume: () => void Atomics.store(control, STOP_WORD, 0),
    stepsDone: () => Atomics.load(control, STEPS_WORD),
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}

/** The step that workers are at, counted from 1. */
function placeIn({ program, from }: Segment, control: Int32Array): string {
  return ` in step ${from + Atomics.load(control, STEPS_WORD) + 1} of program "${program}"`;
}

/** Whether a worker failed only because another one did: its barrier ends in `unreachable`. */
function isAborted({ message }: Error): boolean {
  return message.includes("unreachable");
}

/** A machine on the calling thread: the same programs and bits, without a worker. */
export interface LocalMachine extends Spaces {
  /** Runs one step of a program. */
  run(program: string, step?: number): void;
  /** Has later steps read other values of a data set: row-major, of the same type and features. */
  read(name: string, values: SourceRows["values"]): void;
}

/** Opens a machine on the calling thread, for single predictions and for tests. */
export function openLocalMachine(plan: Omit<Plan, "backend">): LocalMachine {
  const { memory, spaces, programs, sources } = planMachine({ ...plan, workers: 1 });
  const kernels = instantiateKernels(compileKernels(), memory, sources);
  const walks = new Map(programs.map(([name, [program]]) => [
    name,
    makeWalk(program as BoundProgram, memory, kernels),
  ]));
  return {
    ...spaces,
    run(program, step = 0) {
      expectSegment(plan, { program, from: step, to: step + 1 });
      walks.get(program)?.(step);
    },
    read: (name, values) => replaceRows(plan, sources, name, values),
  };
}
