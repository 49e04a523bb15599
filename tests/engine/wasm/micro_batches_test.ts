/** Kernels whose sums are divided into micro-batches, beside the reference, and the reference beside separate sums. */
import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { addByTree, microBatchRows } from "../../../lib/tensor/micro_batches.ts";
import {
  add,
  input,
  matmul,
  max,
  mul,
  slice,
  sub,
  sum,
  type Tensor,
  tensorOf,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees } from "../bits.ts";

/** Returns a product or a sum whose terms are divided into micro-batches. */
function divided(tensor: Tensor, parts: number): Tensor {
  return tensorOf({ ...tensor, operation: { ...tensor.operation, parts } as Tensor["operation"] });
}

const sizes = fc.record({
  m: fc.constantFrom(1, 5, 31, 64, 257),
  n: fc.constantFrom(1, 10, 32, 65, 97),
  k: fc.constantFrom(1, 2, 7, 16, 100, 192),
  parts: fc.constantFrom(2, 3, 5, 8, 64, 256),
});

Deno.test("products and sums in micro-batches agree with the reference, with and without zeros", () => {
  fc.assert(
    fc.property(sizes, ({ m, n, k, parts }) => {
      const [a, w, dy] = [input("a", [k, m]), input("w", [m, n]), input("dy", [k, n])];
      const inputs = {
        a: normalValues("a", [k * m]).map((value, i) => i % 7 === 3 ? 0 : value),
        w: normalValues("w", [m * n]),
        dy: normalValues("dy", [k * n]).map((value, i) => i % 41 === 5 ? Infinity : value),
      };
      for (const x of [a, max(a, 0)]) {
        const gradient = divided(matmul(transpose(x), dy), parts);
        assertAgrees({
          outputs: { gradient, sums: divided(sum(dy, "rows"), parts), y: matmul(x, w) },
          state: { w: sub(w, mul(gradient, 0.5)) },
        }, { inputs });
      }
    }),
    { seed: 31, numRuns: 30 },
  );
});

Deno.test("a product in micro-batches is the sum of those of the micro-batches, by their tree", () => {
  const [m, n] = [3, 4];
  for (const [k, parts] of [[11, 4], [5, 8], [16, 6]]) {
    const [a, dy] = [input("a", [k * m]), input("dy", [k * n])];
    const of = (vector: Tensor, columns: number, first = 0, count = k) =>
      slice(vector, first * columns, [count, columns]);
    const separate = addByTree({ from: 0, to: parts }, ({ from, to }) => {
      const { first, count } = microBatchRows(k, parts, from);
      if (to - from > 1 || count === 0) return undefined;
      return matmul(transpose(of(a, m, first, count)), of(dy, n, first, count));
    }, add) as Tensor;
    const whole = divided(matmul(transpose(of(a, m)), of(dy, n)), parts);
    const inputs = { a: normalValues("a", [k * m]), dy: normalValues("dy", [k * n]) };
    const [one, other] = evaluate([separate, whole], { inputs }, "f32");
    assertEquals(one, other);
  }
});
