import { assertEquals } from "@std/assert";
import { elideCopies } from "../../../lib/engine/compiler/elide.ts";
import {
  allocateScratch,
  type Buffer,
  type Reference,
  subreference,
  type Unit,
} from "../../../lib/engine/compiler/unit.ts";

/** A buffer that lasts, as a reference. */
function persistent(space: string, bytes = 64): Reference {
  const buffer: Buffer = { bytes, space };
  return { buffer, offset: 0, bytes };
}

const unit = (
  label: string,
  reads: readonly Reference[],
  writes: readonly Reference[],
  elementwiseReads = false,
): Unit => ({
  label,
  reads,
  writes,
  ...(elementwiseReads ? { elementwiseReads: reads } : {}),
  calls: [],
});

const copy = (from: Reference, to: Reference): Unit => ({
  ...unit("copy", [from], [to]),
  copy: { from, to },
});

/** Labels of the units that remain. */
const labelsOf = (units: readonly Unit[]) => elideCopies(units).units.map(({ label }) => label);

Deno.test("elideCopies() computes a value where it would be copied to", () => {
  const [out, made] = [persistent("out:y"), allocateScratch(64)];
  const { units, resolve } = elideCopies([unit("make", [], [made]), copy(made, out)]);
  assertEquals(units.map(({ label }) => label), ["make"]);
  assertEquals(resolve(subreference(made, 16, 4)), { buffer: out.buffer, offset: 16, bytes: 4 });
});

Deno.test("elideCopies() finds parts of parts", () => {
  const [out, all, part] = [persistent("out:y"), allocateScratch(64), allocateScratch(32)];
  const units = [
    unit("make", [], [part]),
    copy(part, subreference(all, 32, 32)),
    unit("rest", [], [subreference(all, 0, 32)]),
    copy(all, out),
  ];
  assertEquals(labelsOf(units), ["make", "rest"]);
  const { resolve } = elideCopies(units);
  assertEquals(resolve(subreference(part, 4, 8)), { buffer: out.buffer, offset: 36, bytes: 8 });
});

Deno.test("elideCopies() writes over an old value only after its last read", () => {
  const [state, made, other] = [persistent("in:a"), allocateScratch(64), allocateScratch(64)];
  const make = (elementwiseReads: boolean) => unit("make", [state], [made], elementwiseReads);
  const read = unit("read", [state], [other]);
  assertEquals(labelsOf([read, make(true), copy(made, state)]), ["read", "make"]);
  assertEquals(labelsOf([make(true), read, copy(made, state)]), ["make", "read", "copy"]);
  assertEquals(labelsOf([make(false), copy(made, state)]), ["make", "copy"]);
  // A read after the copy wants the new value
  assertEquals(labelsOf([make(true), copy(made, state), read]), ["make", "read"]);
});

Deno.test("elideCopies() permits elementwise reads and writes of the same bytes only", () => {
  const [state, made] = [persistent("in:a"), allocateScratch(32)];
  const units = (readAt: number, writtenAt: number) => [
    unit("make", [subreference(state, readAt, 32)], [made], true),
    copy(made, subreference(state, writtenAt, 32)),
  ];
  assertEquals(labelsOf(units(16, 16)), ["make"]);
  assertEquals(labelsOf(units(0, 32)), ["make"]);
  assertEquals(labelsOf(units(0, 16)), ["make", "copy"]);
  assertEquals(labelsOf(units(16, 0)), ["make", "copy"]);
});

Deno.test("elideCopies() keeps copies of parts, of persistent buffers, of copies, and over other values", () => {
  const [a, b, made] = [persistent("out:a"), persistent("out:b"), allocateScratch(64)];
  const make = unit("make", [], [made]);
  assertEquals(labelsOf([make, copy(subreference(made, 0, 32), subreference(a, 0, 32))]), [
    "make",
    "copy",
  ]);
  assertEquals(labelsOf([copy(a, b)]), ["copy"]);
  assertEquals(labelsOf([make, copy(made, a), copy(made, b)]), ["make", "copy"]);
  const others = unit("others", [], [subreference(a, 60, 4)]);
  assertEquals(labelsOf([others, make, copy(made, a)]), ["others", "make", "copy"]);
  assertEquals(labelsOf([make, copy(made, a), others]), ["make", "copy", "others"]);
});
