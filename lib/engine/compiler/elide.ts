/**
 * Copy elision: what is computed only to be copied elsewhere is computed there at once. So parts of a
 * concatenation are written side by side, outputs where they are read, and the new value of a state
 * over the old one, provided that nobody reads the old one any more.
 *
 * @module
 */

import { type Buffer, overlap, type Span, type Unit } from "./unit.ts";

interface Elided {
  readonly units: readonly Unit[];
  /** The span within a buffer that stands by itself. */
  resolve(span: Span): Span;
}

interface Access {
  readonly index: number;
  readonly span: Span;
  readonly kind: "read" | "readInStep" | "write";
}

/** Leaves out the copies that are not needed, in order; order and meaning of the others stay. */
export function elideCopies(units: readonly Unit[]): Elided {
  const within = new Map<Buffer, Span>();
  const resolve = (span: Span): Span => {
    let { buffer, offset } = span;
    for (let outer = within.get(buffer); outer !== undefined; outer = within.get(buffer)) {
      buffer = outer.buffer;
      offset += outer.offset;
    }
    return { buffer, offset, bytes: span.bytes };
  };
  const accesses = accessesOf(units);
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
    const moved = own.filter(({ kind }) => kind === "write").map(({ index, span }): Access => {
      const { offset } = resolve(span);
      return {
        index,
        kind: "write",
        span: { ...target, offset: target.offset + offset, bytes: span.bytes },
      };
    });
    const isHarmless = others.every((other) =>
      other.index === index ||
      isUnspoilt({ ...other, span: resolve(other.span) }, index, target, moved)
    );
    if (!isHarmless) continue;
    within.set(from.buffer, to);
    elided.add(unit);
    accesses.set(target.buffer, [...others, ...own].filter((access) => access.index !== index));
  }
  return { units: units.filter((unit) => !elided.has(unit)), resolve };
}

/**
 * Whether an access to the memory that is copied to remains right if the writes to the copied buffer
 * go there: reads after the copy expect what it wrote; reads before have to come before the writes.
 */
function isUnspoilt(
  { index, span, kind }: Access,
  copied: number,
  target: Span,
  writes: readonly Access[],
): boolean {
  if (!overlap(span, target)) return true;
  if (kind === "write") return false;
  if (index > copied) return true;
  return writes.every((write) =>
    !overlap(span, write.span) || index < write.index ||
    (index === write.index && kind === "readInStep" && span.offset === write.span.offset)
  );
}

function accessesOf(units: readonly Unit[]): Map<Buffer, readonly Access[]> {
  const accesses = new Map<Buffer, Access[]>();
  units.forEach(({ reads, writes, inStep = [] }, index) => {
    const add = (span: Span, kind: Access["kind"]) => {
      const known = accesses.get(span.buffer);
      if (known === undefined) accesses.set(span.buffer, [{ index, span, kind }]);
      else known.push({ index, span, kind });
    };
    for (const span of reads) add(span, inStep.includes(span) ? "readInStep" : "read");
    for (const span of writes) add(span, "write");
  });
  return accesses;
}
