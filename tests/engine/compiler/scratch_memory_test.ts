import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import {
  alignBytes,
  type Lifetime,
  planScratchMemory,
} from "../../../lib/engine/compiler/scratch_memory.ts";

const lifetime = fc.record({
  bytes: fc.integer({ min: 1, max: 1000 }),
  first: fc.nat(30),
  length: fc.nat(10),
}).map(({ bytes, first, length }): Lifetime => ({ bytes, first, last: first + length }));

Deno.test("planScratchMemory() never overlaps live values, and needs at most the sum of their sizes", () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 25 }), (lifetimes) => {
      const { offsets, bytes } = planScratchMemory(lifetimes);
      lifetimes.forEach((a, i) => {
        const from = offsets[i];
        assertEquals(from % 64, 0);
        assertLessOrEqual(from + a.bytes, bytes);
        lifetimes.slice(0, i).forEach((b, j) => {
          const live = a.first <= b.last && b.first <= a.last;
          const other = offsets[j];
          assertEquals(live && from < other + b.bytes && other < from + a.bytes, false);
        });
      });
      assertLessOrEqual(bytes, lifetimes.reduce((sum, { bytes }) => sum + alignBytes(bytes), 0));
      const needed = Math.max(
        0,
        ...lifetimes.map(({ first }) =>
          lifetimes.filter((other) => other.first <= first && first <= other.last)
            .reduce((sum, { bytes }) => sum + bytes, 0)
        ),
      );
      assertLessOrEqual(needed, bytes);
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("planScratchMemory() reuses memory for values that follow each other", () => {
  const chain = [0, 1, 2, 3].map((first) => ({ bytes: 100, first, last: first + 1 }));
  assertEquals(planScratchMemory(chain), { offsets: [0, 128, 0, 128], bytes: 256 });
  assertEquals(planScratchMemory([]), { offsets: [], bytes: 0 });
});
