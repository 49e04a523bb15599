import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import {
  add,
  constant,
  gatherRows,
  input,
  mul,
  nearest,
  source,
  sub,
} from "../../../lib/tensor/mod.ts";
import { assertSameBits } from "../bits.ts";

const of = (values: readonly number[]) => ({ inputs: { x: values } });

Deno.test("evaluate() rounds ties to even and keeps the sign of zero", () => {
  const values = [-0.5, -0.2, -0, 0.5, 1.5, 2.5, -1.5, -2.5, 0.49999997, Infinity, -Infinity, NaN];
  const expected = [-0, -0, -0, 0, 2, 2, -2, -2, 0, Infinity, -Infinity, NaN];
  const [nearestOf = []] = evaluate([nearest(input("x", [values.length]))], of(values));
  assertSameBits(nearestOf, expected, "nearest");
  const [large = []] = evaluate(
    [nearest(input("x", [3]))],
    of([2 ** 23 + 1, -(2 ** 24), 8388607.5]),
  );
  assertSameBits(large, [2 ** 23 + 1, -(2 ** 24), 2 ** 23], "nearest");
});

Deno.test("evaluate() rounds every operation once to single precision, or not at all", () => {
  const x = input("x", [1]);
  const y = sub(add(mul(x, x), 1), 1);
  const [single, double] = [evaluate([y], of([1e-4])), evaluate([y], of([1e-4]), "f64")];
  assertEquals(single, [Float32Array.of(0)]);
  assertEquals(double, [Float64Array.of(1e-4 * 1e-4 + 1 - 1)]);
});

Deno.test("evaluate() computes expressions of constants in double precision, then rounds", () => {
  const sum = add(constant(0.1), 0.2);
  const x = input("x", [1]);
  assertEquals(evaluate([sum, mul(x, sum)], of([1])), [
    Float32Array.of(0.1 + 0.2),
    Float32Array.of(0.1 + 0.2),
  ]);
  const lost = sub(add(constant(2 ** 25), 1), 2 ** 25);
  assertEquals(evaluate([lost]), [Float32Array.of(1)]);
});

Deno.test("evaluate() names a missing input or source, or one of another size", () => {
  const x = input("x", [2, 3]);
  const rows = input("rows", [1], "integer");
  assertThrows(
    () => evaluate([x], { inputs: { a: [1] } }),
    TypeError,
    'Cannot evaluate: expected input "x": received "a"',
  );
  assertThrows(
    () => evaluate([x], of([1])),
    TypeError,
    'expected 6 elements [2, 3] for input "x": received 1',
  );
  assertThrows(
    () => evaluate([gatherRows(source("data", 2, "dense8"), rows)], { inputs: { rows: [0] } }),
    TypeError,
    'expected source "data"',
  );
});
