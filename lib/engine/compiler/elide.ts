/**
 * Copy elision: computes a value directly in the memory to which it would only be copied. So the parts of a
 * concatenation are written side by side, outputs are written to their spaces, and the new value of a state
 * overwrites the old one if nothing reads the old one later.
 *
 * @module
 */

import { type Buffer, type Reference, referencesOverlap, type Unit } from "./unit.ts";

/** Units from which copies were removed. */
interface Elided {
  readonly units: readonly Unit[];
  /**
   * Returns the reference to the bytes that now hold the value of a reference: those of another buffer if its
   * own was elided, else the same.
   */
  resolve(reference: Reference): Reference;
}

/** An access of a unit to a buffer, with the index of the unit. */
interface Access {
  readonly index: number;
  readonly reference: Reference;
  readonly kind: "read" | "readElementwise" | "write";
}

/**
 * Removes the units whose copies are not needed, because the copied value can be computed in the target of
 * the copy itself. The other units stay in order and have the same results.
 */
export function elideCopies(units: readonly Unit[]): Elided {
  const within = new Map<Buffer, Reference>();
  const resolve = (reference: Reference): Reference => {
    let { buffer, offset } = reference;
    for (let outer = within.get(buffer); outer !== undefined; outer = within.get(buffer)) {
      buffer = outer.buffer;
      offset += outer.offset;
    }
    return { buffer, offset, bytes: reference.bytes };
  };
  const accesses = accessesByBuffer(units);
  const elided = new Set<Unit>();
  for (const [index, unit] of units.entries()) {
    if (unit.copy === undefined) continue;
    const { from, to } = unit.copy;
    const target = resolve(to);
    const isWhole = from.offset === 0 && from.bytes === from.buffer.bytes;
    const isFree = from.buffer.space === undefined && from.buffer.isPrivate !== true &&
      !within.has(from.buffer);
    if (!isWhole || !isFree || target.buffer === from.buffer) continue;
    const own = accesses.get(from.buffer) ?? [];
    const others = accesses.get(target.buffer) ?? [];
    const moved = own.filter(({ kind }) => kind === "write").map(({ index, reference }): Access => {
      const { offset } = resolve(reference);
      return {
        index,
        kind: "write",
        reference: { ...target, offset: target.offset + offset, bytes: reference.bytes },
      };
    });
    const isHarmless = others.every((other) =>
      other.index === index ||
      staysCorrectWithoutCopy(
        { ...other, reference: resolve(other.reference) },
        index,
        target,
        moved,
      )
    );
    if (!isHarmless) continue;
    within.set(from.buffer, to);
    elided.add(unit);
    accesses.set(target.buffer, [...others, ...own].filter((access) => access.index !== index));
  }
  return { units: units.filter((unit) => !elided.has(unit)), resolve };
}

/**
 * Returns whether the program stays correct, as far as one access to the target of a copy is concerned, if
 * the copy in the unit with index `copyIndex` is removed and all `writes` to its source go to the target
 * instead. A read after the copy expects the copied values, and stays correct. A read before the copy must
 * also come before these writes. Another write never stays correct.
 */
function staysCorrectWithoutCopy(
  { index, reference, kind }: Access,
  copyIndex: number,
  target: Reference,
  writes: readonly Access[],
): boolean {
  if (!referencesOverlap(reference, target)) return true;
  if (kind === "write") return false;
  if (index > copyIndex) return true;
  return writes.every((write) =>
    !referencesOverlap(reference, write.reference) || index < write.index ||
    (index === write.index && kind === "readElementwise" &&
      reference.offset === write.reference.offset)
  );
}

/** Returns the accesses of all units to each buffer, in the order of the units. */
function accessesByBuffer(units: readonly Unit[]): Map<Buffer, readonly Access[]> {
  const accesses = new Map<Buffer, Access[]>();
  units.forEach(({ reads, writes, elementwiseReads = [] }, index) => {
    const add = (reference: Reference, kind: Access["kind"]) => {
      const known = accesses.get(reference.buffer);
      if (known === undefined) accesses.set(reference.buffer, [{ index, reference, kind }]);
      else known.push({ index, reference, kind });
    };
    for (const reference of reads) {
      add(reference, elementwiseReads.includes(reference) ? "readElementwise" : "read");
    }
    for (const reference of writes) add(reference, "write");
  });
  return accesses;
}
