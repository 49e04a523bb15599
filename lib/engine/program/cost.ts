/**
 * Cost of a program's operations: floating-point operations and bytes of memory, computed without running
 * the program.
 *
 * Only useful work counts. Additions, subtractions, multiplications, divisions, square roots, minima and
 * maxima count as one each, comparisons and selections as none. A product that skips zeros counts two for
 * each non-zero element and column, so that skipping does not look like speed. Bytes are the minimum that
 * an operation needs: each byte that it reads counts once, however often it is read, and each byte that it
 * writes once.
 *
 * @module
 */

import type { Amount, Call, Lists, MemoryAccess, NonZeros, Program } from "./program.ts";

/** The cost of an operation. */
export interface Cost {
  /** Number of useful floating-point operations. */
  readonly flops: number;
  /** Number of bytes read and written. */
  readonly bytes: number;
}

/** An operation of a program: consecutive calls with the same label. */
interface Operation {
  readonly label: string;
  /** Indices of the operation's calls in the program, rising. */
  readonly calls: readonly number[];
}

/**
 * A function that counts what the cost of a call depends on: the entries in all of some lists, or the
 * non-zero ones of some numbers. Both depend on the data.
 */
type CountEntries = (of: Lists | NonZeros) => number;

/**
 * Groups consecutive kernel calls of a program that have the same label. Each group is one operation. Returns
 * the operations in the order of the program.
 */
export function groupCallsByLabel({ labels }: Pick<Program, "labels">): readonly Operation[] {
  const operations: { readonly label: string; readonly calls: number[] }[] = [];
  for (const [index, label] of labels.entries()) {
    const last = operations.at(-1);
    if (last?.label === label) last.calls.push(index);
    else operations.push({ label, calls: [index] });
  }
  return operations;
}

/**
 * Returns what the cost of a call depends on besides constants: lists, by the number of their entries, and
 * numbers, by how many of them are not zero.
 */
export function dataDependentTerms(
  { flops = 0, sourceBytes = 0, reads, writes }: Call,
): readonly (Lists | NonZeros)[] {
  const amounts = [flops, sourceBytes].flatMap((amount) =>
    typeof amount === "number" ? [] : [amount.of]
  );
  return [...amounts, ...[...reads, ...writes].flatMap(({ lists }) => lists ?? [])];
}

/** Computes the cost of each operation of a program, in the order of {@linkcode groupCallsByLabel}. */
export function computeOperationCosts(
  program: Pick<Program, "calls" | "labels">,
  countEntries: CountEntries,
): readonly Cost[] {
  return groupCallsByLabel(program).map(({ calls }) =>
    computeCostOfCalls(calls.map((call) => program.calls[call]), countEntries)
  );
}

/**
 * Computes the cost of several calls together, for all workers. A byte that several calls read counts once.
 */
export function computeCostOfCalls(calls: readonly Call[], countEntries: CountEntries): Cost {
  const sum = (amountOf: (call: Call) => Amount | undefined) =>
    calls.reduce((sum, call) => sum + evaluateAmount(amountOf(call) ?? 0, countEntries), 0);
  const accessed = (accessesOf: (call: Call) => readonly MemoryAccess[]) =>
    countAccessedBytes(calls.flatMap(accessesOf), countEntries);
  return {
    flops: sum(({ flops }) => flops),
    bytes: accessed(({ reads }) => reads) + accessed(({ writes }) => writes) +
      sum(({ sourceBytes }) => sourceBytes),
  };
}

/** Returns an amount as a number, with entries counted if it depends on them. */
function evaluateAmount(amount: Amount, countEntries: CountEntries): number {
  return typeof amount === "number" ? amount : amount.perEntry * countEntries(amount.of);
}

/** Number of bytes of a list entry: an index and a value. */
const ENTRY_BYTES = 8;

/**
 * Returns the number of bytes that accesses cover; overlapping bytes count once. Of lists, only the existing
 * entries count.
 */
function countAccessedBytes(accesses: readonly MemoryAccess[], countEntries: CountEntries): number {
  const lists = new Map(
    accesses.flatMap(({ lists }) => lists === undefined ? [] : [[listsKey(lists), lists] as const]),
  );
  const inLists = [...lists.values()].reduce(
    (sum, each) => sum + ENTRY_BYTES * countEntries(each),
    0,
  );
  const plain = accesses.filter(({ lists }) => lists === undefined);
  const bySpace = Map.groupBy(plain, ({ region: { space } }) => space);
  return [...bySpace.values()].reduce(
    (sum, accesses) => sum + countDistinctBytes(accesses),
    inLists,
  );
}

/** Returns a text that is equal for equal lists only. */
function listsKey({ counts: { space, offset }, lists }: Lists): string {
  return `${space}+${offset}[${lists}]`;
}

/** Returns the number of bytes that accesses to one space cover. Overlapping bytes count once. */
function countDistinctBytes(accesses: readonly MemoryAccess[]): number {
  let [length, end] = [0, 0];
  for (const { region, bytes } of accesses.toSorted((a, b) => a.region.offset - b.region.offset)) {
    const next = region.offset + bytes;
    length += Math.max(0, next - Math.max(end, region.offset));
    end = Math.max(end, next);
  }
  return length;
}
