/**
 * Binds programs to a memory: gives every space an address. Inputs and outputs that change from step
 * to step are arrays with an entry for each step of a segment; all else stays where it is.
 *
 * @module
 */

import { align } from "../compiler/scratch_memory.ts";
import { emitLoops } from "./emit.ts";
import { type Call, isPrivate, type Place, type Program } from "../program/program.ts";
import { controlBytes } from "../workers/protocol.ts";
import { barriersOf, callShare, type Share } from "../program/partition.ts";
import { BARRIER, type BoundCall, type BoundProgram } from "../workers/executor.ts";

/** Where a space is, and how far apart its entries of successive steps are (0: there is one). */
interface Address {
  readonly address: number;
  readonly stride: number;
  readonly bytes: number;
}

export interface MemoryMap {
  readonly addresses: ReadonlyMap<string, Address>;
  readonly bytes: number;
}

/** A program, and the spaces that stand for others in it: test data for training data, say. */
export interface AliasedProgram {
  readonly program: Program;
  /** Names in the memory of spaces that the program calls otherwise. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** The largest memory that WebAssembly's 32-bit addresses reach. */
const MAXIMUM_BYTES = 2 ** 32 - 2 ** 16;

interface MapOptions {
  /** Spaces that have an entry for each step. */
  readonly perStep: ReadonlySet<string>;
  readonly steps: number;
  /** Entries of those that have fewer than `steps`, by name. */
  readonly entries?: Readonly<Record<string, number>>;
  /** How many workers there are, each with a work space of its own. */
  readonly workers: number;
}

/**
 * Lays the spaces of some programs out in one memory. Programs share spaces by name, scratch memory
 * included, since they run one after the other. Data sets lie outside, except for their scales.
 *
 * @param scales bytes of the scales of each data set, by space
 */
export function mapMemory(
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
    const all = isPrivate(space) ? align(bytes) * workers : bytes * count;
    addresses.set(space, { address: next, stride, bytes: all });
    next = align(next + all);
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
 * Gives the places of a program their addresses and shares it out: a program for each worker.
 *
 * @param sources names of the data sets, in the order in which workers know them
 */
export function bind(
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
  const addressOf = ({ space, offset }: Place) => spaceOf(space).address + offset;
  const barriers = barriersOf(calls, workers, addressOf);
  const module = new WebAssembly.Module(emitLoops(loops));
  return Array.from({ length: workers }, (_, worker) => ({
    loops: module,
    calls: calls.flatMap((call, index): BoundCall[] => {
      const share = callShare(call, worker, workers);
      const find = (place: Place) => {
        const { stride, bytes } = spaceOf(place.space);
        const before = isPrivate(place.space) ? worker * (bytes / workers) : 0;
        return { address: addressOf(place) + before, stride };
      };
      const own = share && boundCall(call, share, { find, sources });
      return [...(barriers[index] ? [BARRIER] : []), ...(own ? [{ ...own, call: index }] : [])];
    }),
  }));
}

function boundCall(
  { kernel, arguments: given }: Call,
  { from, to }: Share,
  { find, sources }: {
    readonly find: (place: Place) => { readonly address: number; readonly stride: number };
    readonly sources: readonly string[];
  },
): BoundCall {
  const bound = given.map((argument): readonly [number, number] => {
    if (typeof argument === "number") return [argument, 0];
    if (typeof argument === "string") return [argument === "from" ? from : to, 0];
    if ("rows" in argument) return [argument.rows * (to - from), 0];
    if ("source" in argument) return [sources.indexOf(argument.source), 0];
    const { place, perRow } = "place" in argument ? argument : { place: argument, perRow: 0 };
    const { address, stride } = find(place);
    return [address + perRow * from, stride];
  });
  return {
    kernel,
    arguments: bound.map(([value]) => value),
    strides: bound.map(([, stride]) => stride),
  };
}
