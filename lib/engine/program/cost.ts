/**
 * What a program costs: operations on floating-point numbers and bytes of memory, an operation at a
 * time. It reads programs and runs nothing.
 *
 * Only useful work counts. Additions, subtractions, multiplications, divisions, square roots, minima
 * and maxima are one each, comparisons and choices none; a product that skips zeros has two for each
 * number that is not zero and each column, so that skipping them does not look like speed. Bytes are
 * those that the operation cannot do without: each byte that it reads counts once, however often it is
 * read, and so does each byte that it writes.
 *
 * @module
 */

import type { Amount, Call, Lists, NonZeros, Program, Touch } from "./program.ts";

export interface Cost {
  /** Useful operations on floating-point numbers. */
  readonly flops: number;
  readonly bytes: number;
}

/** An operation of a program: the calls that follow each other under one label. */
interface Operation {
  readonly label: string;
  /** Places of its calls in the program, rising. */
  readonly calls: readonly number[];
}

/** The number of entries in lists, all together, or of numbers that are not zero: the data's to say. */
type CountEntries = (of: Lists | NonZeros) => number;

export function operationsOf({ labels }: Pick<Program, "labels">): readonly Operation[] {
  const operations: { readonly label: string; readonly calls: number[] }[] = [];
  for (const [index, label] of labels.entries()) {
    const last = operations.at(-1);
    if (last?.label === label) last.calls.push(index);
    else operations.push({ label, calls: [index] });
  }
  return operations;
}

/** What a call's cost depends on that only the data can say. */
export function countedOf(
  { flops = 0, sourceBytes = 0, reads, writes }: Call,
): readonly (Lists | NonZeros)[] {
  const amounts = [flops, sourceBytes].flatMap((amount) =>
    typeof amount === "number" ? [] : [amount.of]
  );
  return [...amounts, ...[...reads, ...writes].flatMap(({ lists }) => lists ?? [])];
}

export function costsOf(
  program: Pick<Program, "calls" | "labels">,
  countEntries: CountEntries,
): readonly Cost[] {
  return operationsOf(program).map(({ calls }) =>
    costOf(calls.map((call) => program.calls[call]), countEntries)
  );
}

/** The cost of some calls that make up an operation, for all workers together. */
export function costOf(calls: readonly Call[], countEntries: CountEntries): Cost {
  const sum = (amountOf: (call: Call) => Amount | undefined) =>
    calls.reduce((sum, call) => sum + amount(amountOf(call) ?? 0, countEntries), 0);
  const touched = (touchesOf: (call: Call) => readonly Touch[]) =>
    bytesTouched(calls.flatMap(touchesOf), countEntries);
  return {
    flops: sum(({ flops }) => flops),
    bytes: touched(({ reads }) => reads) + touched(({ writes }) => writes) +
      sum(({ sourceBytes }) => sourceBytes),
  };
}

function amount(given: Amount, countEntries: CountEntries): number {
  return typeof given === "number" ? given : given.perEntry * countEntries(given.of);
}

/** Bytes of an entry of a list: an index and a value. */
const ENTRY = 8;

/** How many bytes are touched, each counted once. */
function bytesTouched(touches: readonly Touch[], countEntries: CountEntries): number {
  const lists = new Map(
    touches.flatMap(({ lists }) => lists === undefined ? [] : [[nameOf(lists), lists] as const]),
  );
  const inLists = [...lists.values()].reduce((sum, each) => sum + ENTRY * countEntries(each), 0);
  const plain = touches.filter(({ lists }) => lists === undefined);
  const bySpace = Map.groupBy(plain, ({ place: { space } }) => space);
  return [...bySpace.values()].reduce((sum, touches) => sum + lengthOfUnion(touches), inLists);
}

function nameOf({ counts: { space, offset }, lists }: Lists): string {
  return `${space}+${offset}[${lists}]`;
}

function lengthOfUnion(touches: readonly Touch[]): number {
  let [length, end] = [0, 0];
  for (const { place, bytes } of touches.toSorted((a, b) => a.place.offset - b.place.offset)) {
    const next = place.offset + bytes;
    length += Math.max(0, next - Math.max(end, place.offset));
    end = Math.max(end, next);
  }
  return length;
}
