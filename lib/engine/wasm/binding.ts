/**
 * Binds programs to a memory: assigns an address to every space, and numbers to all arguments of calls.
 * Spaces that change from step to step have one entry for each step of a segment; all other spaces have one
 * entry.
 *
 * @module
 */

import { alignBytes } from "../compiler/scratch_memory.ts";
import { emitLoops } from "./emit.ts";
import { type Call, isPerWorker, type Program, type Region } from "../program/program.ts";
import { controlBytes } from "../workers/protocol.ts";
import { callPartition, findBarriers, type Partition } from "../program/partition.ts";
import { BARRIER, type BoundCall, type BoundProgram } from "../workers/executor.ts";

/** The position of a space in memory. */
interface Address {
  /** Address of the first byte; of the first worker's copy, if each worker has one. */
  readonly address: number;
  /**
   * Number of bytes from the space's entry of one step to its entry of the next step; 0 if the space has one
   * entry for all steps.
   */
  readonly stride: number;
  /** Number of bytes of all entries or copies. */
  readonly bytes: number;
}

/** The addresses of all spaces, and the number of bytes that they need. */
export interface MemoryMap {
  /** Position of each space, by its name. */
  readonly addresses: ReadonlyMap<string, Address>;
  /** Number of bytes of the memory. */
  readonly bytes: number;
}

/** A program, some of whose spaces have other names in memory. */
export interface AliasedProgram {
  readonly program: Program;
  /** Names of spaces in memory by their names in the program, where these differ. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Largest number of bytes of a machine's memory: one page less than 32-bit addresses reach. */
const MAXIMUM_BYTES = 2 ** 32 - 2 ** 16;

/** Numbers of entries and copies of spaces. */
interface MapOptions {
  /** Names of the spaces that have one entry for each step. All others have one entry. */
  readonly perStep: ReadonlySet<string>;
  /** Number of entries of such a space, the largest number of steps in a segment. */
  readonly steps: number;
  /**
   * Numbers of entries, by name, of the spaces in `perStep` that have fewer than `steps`. Defaults to none.
   */
  readonly entries?: Readonly<Record<string, number>>;
  /** Number of workers, each of which has its own copy of scratch memory that is not shared. */
  readonly workers: number;
}

/**
 * Assigns an address in one memory to every space of the programs. A space that several programs have by one
 * name, such as scratch memory, has one address, because programs run one after the other. Data sets are
 * outside this memory; only the scales of their features are in it.
 *
 * @param scaleBytes number of bytes of the scales of each data set, by the name of their space
 * @throws {RangeError} if the spaces need more bytes than 32-bit addresses can reach
 */
export function assignAddresses(
  programs: readonly AliasedProgram[],
  scaleBytes: Readonly<Record<string, number>>,
  { perStep, steps, entries = {}, workers }: MapOptions,
): MemoryMap {
  const sizes = new Map(Object.entries(scaleBytes));
  for (const { program, aliases } of programs) {
    for (const [name, bytes] of Object.entries(program.spaces)) {
      const space = aliases[name] ?? name;
      if (space.startsWith("source:")) continue; // its size is the data's
      sizes.set(space, Math.max(sizes.get(space) ?? 0, bytes));
    }
  }
  const addresses = new Map<string, Address>();
  let next = controlBytes(workers);
  for (const [space, bytes] of sizes) {
    const stride = perStep.has(space) ? bytes : 0;
    const count = stride === 0 ? 1 : entries[space] ?? steps;
    const all = isPerWorker(space) ? alignBytes(bytes) * workers : bytes * count;
    addresses.set(space, { address: next, stride, bytes: all });
    next = alignBytes(next + all);
  }
  if (next > MAXIMUM_BYTES) {
    const [[space, { bytes }]] = [...addresses].sort(([, a], [, b]) => b.bytes - a.bytes);
    throw new RangeError(
      `Cannot lay out memory: expected at most ${MAXIMUM_BYTES} bytes: received ${next}, ` +
        `${bytes} of them for "${space}"`,
    );
  }
  return { addresses, bytes: next };
}

/**
 * Binds a program to a memory and partitions its calls among workers. Returns a bound program for each
 * worker.
 *
 * @param workers number of workers
 * @param sources names of the data sets; calls refer to a data set by its index in this list
 * @throws {TypeError} if the memory lacks a space of the program
 */
export function bindProgram(
  { program: { calls, loops }, aliases }: AliasedProgram,
  { addresses }: MemoryMap,
  { workers, sources }: { readonly workers: number; readonly sources: readonly string[] },
): readonly BoundProgram[] {
  const spaceOf = (space: string): Address => {
    const address = addresses.get(aliases[space] ?? space);
    if (address !== undefined) return address;
    throw new TypeError(
      `Cannot bind: expected space "${space}": received ${
        [...addresses.keys()].map((known) => `"${known}"`).join(", ")
      }`,
    );
  };
  const addressOf = ({ space, offset }: Region) => spaceOf(space).address + offset;
  const barriers = findBarriers(calls, workers, addressOf);
  const module = new WebAssembly.Module(emitLoops(loops));
  return Array.from({ length: workers }, (_, worker) => ({
    loops: module,
    calls: calls.flatMap((call, index): BoundCall[] => {
      const partition = callPartition(call, worker, workers);
      const find = (region: Region) => {
        const { stride, bytes } = spaceOf(region.space);
        const before = isPerWorker(region.space) ? worker * (bytes / workers) : 0;
        return { address: addressOf(region) + before, stride };
      };
      const own = partition && bindCall(call, partition, { find, sources });
      return [...(barriers[index] ? [BARRIER] : []), ...(own ? [{ ...own, call: index }] : [])];
    }),
  }));
}

/**
 * Returns a call with numbers for its arguments, for a worker's range of rows.
 *
 * @param find returns the address of a region in the worker's memory, and the stride of its space
 */
function bindCall(
  { kernel, arguments: kernelArguments }: Call,
  { from, to }: Partition,
  { find, sources }: {
    readonly find: (region: Region) => { readonly address: number; readonly stride: number };
    readonly sources: readonly string[];
  },
): BoundCall {
  const bound = kernelArguments.map((argument): readonly [number, number] => {
    if (typeof argument === "number") return [argument, 0];
    if (typeof argument === "string") return [argument === "from" ? from : to, 0];
    if ("rows" in argument) return [argument.rows * (to - from), 0];
    if ("source" in argument) return [sources.indexOf(argument.source), 0];
    const { region, perRow } = "region" in argument ? argument : { region: argument, perRow: 0 };
    const { address, stride } = find(region);
    return [address + perRow * from, stride];
  });
  return {
    kernel,
    arguments: bound.map(([value]) => value),
    strides: bound.map(([, stride]) => stride),
  };
}
