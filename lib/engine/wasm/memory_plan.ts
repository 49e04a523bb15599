/**
 * Allocates the memory of a machine and binds its programs to it.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Plan, Spaces } from "../backend.ts";
import { type AliasedProgram, assignAddresses, bindProgram, type MemoryMap } from "./binding.ts";
import type { Layouts } from "../program/program.ts";
import { scaleRegion } from "../program/sources.ts";
import type { BoundProgram, SourceRows } from "../workers/executor.ts";

/** Number of bytes of a WebAssembly page. */
const PAGE = 65536;

/**
 * Number of pages of the reserved address space: all that 32-bit addresses can reach, though a plan uses only
 * some of them. A wrong address then hits inaccessible pages, even if V8's bounds checks are off
 * (`--no-wasm-bounds-checks`), and the process ends by a fault instead of an exception.
 */
const MOST_PAGES = 65536;

/** A machine's memory with the programs that are bound to it. */
interface PlannedMemory {
  readonly memory: WebAssembly.Memory;
  /** Access to the memory by the names of spaces. */
  readonly spaces: Spaces;
  /** Pairs of a program's name and its bound programs, one for each worker. */
  readonly programs: readonly (readonly [string, readonly BoundProgram[]])[];
  /** Data sets, in the order of their indices in bound programs; `Machine.read()` replaces their values. */
  readonly sources: SourceRows[];
}

/**
 * Lays out, allocates and initializes the memory of a plan, and binds its programs to the memory.
 *
 * @throws {RangeError} if the plan needs more memory than 32-bit addresses reach, or than is free
 * @throws {TypeError} if programs have different layouts of an input that they share
 */
export function allocateMachineMemory(plan: Plan): PlannedMemory {
  const { workers = 1, steps, entries } = plan;
  const sources = Object.entries(plan.sources);
  const scales = sources.map(([name, { scale }]) => [scaleRegion(name).space, scale] as const);
  const map = assignAddresses(
    programsWithAliases(plan),
    Object.fromEntries(scales.map(([space, { byteLength }]) => [space, byteLength])),
    { perStep: new Set(plan.perStep), steps, workers, ...defined({ entries }) },
  );
  const memory = allocateMemory(Math.ceil(map.bytes / PAGE));
  const spaces = createSpaceViews(plan, map, memory);
  for (const [space, scale] of scales) spaces.floats(space).set(scale);
  const names = Object.keys(plan.programs);
  const shared = { workers, sources: sources.map(([name]) => name) };
  const programs = programsWithAliases(plan).map((program, index) =>
    [names[index], bindProgram(program, map, shared)] as const
  );
  return {
    memory,
    spaces,
    programs,
    sources: sources.map(([, { features, values }]) => ({ features, values })),
  };
}

/**
 * Allocates shared memory of `pages` pages.
 *
 * @throws {RangeError} if the system does not provide it
 */
function allocateMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
  } catch (cause) {
    throw new RangeError(
      `Cannot lay out memory: expected ${pages * PAGE} bytes, and addresses for ` +
        `${MOST_PAGES * PAGE}: received none: less than that is free or allowed by "ulimit -v"`,
      { cause },
    );
  }
}

/** Returns the programs of a plan, each with its own aliases, in the order of the plan. */
function programsWithAliases({ programs, aliases }: Plan): readonly AliasedProgram[] {
  return Object.entries(programs).map(([name, program]) => ({
    program,
    aliases: aliases?.[name] ?? {},
  }));
}

/** Returns access to a memory by the names of spaces. */
function createSpaceViews(
  plan: Plan,
  { addresses }: MemoryMap,
  memory: WebAssembly.Memory,
): Spaces {
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
    layouts: layoutsOfAllPrograms(plan),
  };
}

/**
 * Returns the layouts of the inputs of all programs, by the inputs' names in memory.
 *
 * @throws {TypeError} if two programs have different layouts of an input that they share
 */
function layoutsOfAllPrograms({ programs, aliases }: Plan): Layouts {
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
          `Cannot open a machine: expected one layout of "${name}" in all programs: ` +
            `received another layout in "${program}"`,
        );
      }
      layouts.set(name, regions);
    }
  }
  return Object.fromEntries(layouts);
}
