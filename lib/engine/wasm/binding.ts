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
  readonly address: number;
  /** Number of bytes from the entry of one step to that of the next; 0 if the space has one entry. */
  readonly stride: number;
  /** Number of bytes of all entries. */
  readonly bytes: number;
}

/** The addresses of all spaces, and the number of bytes that they need. */
export interface MemoryMap {
  readonly addresses: ReadonlyMap<string, Address>;
  readonly bytes: number;
}

/** A program in which some spaces are replaced by others. */
export interface AliasedProgram {
  readonly program: Program;
  /** Names of spaces in memory by their names in the program, where these differ. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Number of bytes of the largest memory that WebAssembly's 32-bit addresses reach. */
const MAXIMUM_BYTES = 2 ** 32 - 2 ** 16;

interface MapOptions {
  /** Names of the spaces that have one entry for each step. */
  readonly perStep: ReadonlySet<string>;
  readonly steps: number;
  /** Number of entries, by name, of those of these spaces that have fewer than `steps`. */
  readonly entries?: Readonly<Record<string, number>>;
  /** Number of workers, each of which has its own copy of private spaces. */
  readonly workers: number;
}

/**
 * Lays out the spaces of programs in one memory. Programs share spaces by name, including scratch memory,
 * because they run one after the other. Data sets are outside this memory; only their scales are in it.
 *
 * @param scales number of bytes of the scales of each data set, by space
 * @throws {RangeError} if the spaces need more bytes than 32-bit addresses can reach
 */
export function layOutSpaces(
  programs: readonly AliasedProgram[],
  scales: Readonly<Record<string, number>>,
  { perStep, steps, entries = {}, workers }: MapOptions,
): MemoryMap {
  const sizes = new Map(Object.entries(scales));
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
 * Binds a program to a memory and partitions it among workers. Returns a bound program for each worker.
 *
 * @param sources names of the data sets, in the order of the machine's list
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
