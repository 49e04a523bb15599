import { assertEquals } from "@std/assert";
import { elideCopies } from "../../../lib/engine/compiler/elide.ts";
import {
  type Buffer,
  scratch,
  type Span,
  splitOf,
  type Unit,
} from "../../../lib/engine/compiler/unit.ts";

/** A buffer that lasts, as a span. */
function lasting(space: string, bytes = 64): Span {
  const buffer: Buffer = { bytes, space };
  return { buffer, offset: 0, bytes };
}

const unit = (
  label: string,
  reads: readonly Span[],
  writes: readonly Span[],
  inStep = false,
): Unit => ({
  label,
  reads,
  writes,
  ...(inStep ? { inStep: reads } : {}),
  calls: [],
});

const copy = (from: Span, to: Span): Unit => ({
  ...unit("copy", [from], [to]),
  copy: { from, to },
});

/** Labels of the units that remain. */
const labelsOf = (units: readonly Unit[]) => elideCopies(units).units.map(({ label }) => label);

Deno.test("elideCopies() has a value computed where it is copied to", () => {
  const [out, made] = [lasting("out:y"), scratch(64)];
  const { units, resolve } = elideCopies([unit("make", [], [made]), copy(made, out)]);
  assertEquals(units.map(({ label }) => label), ["make"]);
  assertEquals(resolve(splitOf(made, 16, 4)), { buffer: out.buffer, offset: 16, bytes: 4 });
});

Deno.test("elideCopies() finds parts of parts", () => {
  const [out, all, part] = [lasting("out:y"), scratch(64), scratch(32)];
  const units = [
    unit("make", [], [part]),
    copy(part, splitOf(all, 32, 32)),
    unit("rest", [], [splitOf(all, 0, 32)]),
    copy(all, out),
  ];
  assertEquals(labelsOf(units), ["make", "rest"]);
  const { resolve } = elideCopies(units);
  assertEquals(resolve(splitOf(part, 4, 8)), { buffer: out.buffer, offset: 36, bytes: 8 });
});

Deno.test("elideCopies() writes over an old value only after its last read", () => {
  const [state, made, other] = [lasting("in:a"), scratch(64), scratch(64)];
  const make = (inStep: boolean) => unit("make", [state], [made], inStep);
  const read = unit("read", [state], [other]);
  assertEquals(labelsOf([read, make(true), copy(made, state)]), ["read", "make"]);
  assertEquals(labelsOf([make(true), read, copy(made, state)]), ["make", "read", "copy"]);
  assertEquals(labelsOf([make(false), copy(made, state)]), ["make", "copy"]);
  // A read after the copy wants the new value
  assertEquals(labelsOf([make(true), copy(made, state), read]), ["make", "read"]);
});

Deno.test("elideCopies() lets reads be in step with writes at the same place only", () => {
  const [state, made] = [lasting("in:a"), scratch(32)];
  const units = (readAt: number, writtenAt: number) => [
    unit("make", [splitOf(state, readAt, 32)], [made], true),
    copy(made, splitOf(state, writtenAt, 32)),
  ];
  assertEquals(labelsOf(units(16, 16)), ["make"]);
  assertEquals(labelsOf(units(0, 32)), ["make"]);
  assertEquals(labelsOf(units(0, 16)), ["make", "copy"]);
  assertEquals(labelsOf(units(16, 0)), ["make", "copy"]);
});

Deno.test("elideCopies() keeps copies of parts, of what lasts, of what has a place, and over others", () => {
  const [a, b, made] = [lasting("out:a"), lasting("out:b"), scratch(64)];
  const make = unit("make", [], [made]);
  assertEquals(labelsOf([make, copy(splitOf(made, 0, 32), splitOf(a, 0, 32))]), ["make", "copy"]);
  assertEquals(labelsOf([copy(a, b)]), ["copy"]);
  assertEquals(labelsOf([make, copy(made, a), copy(made, b)]), ["make", "copy"]);
  const others = unit("others", [], [splitOf(a, 60, 4)]);
  assertEquals(labelsOf([others, make, copy(made, a)]), ["others", "make", "copy"]);
  assertEquals(labelsOf([make, copy(made, a), others]), ["make", "copy", "others"]);
});
