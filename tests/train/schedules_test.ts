import { assertEquals } from "@std/assert";
import { constant, cosine } from "../../lib/train/mod.ts";

/** A run of so many steps, in one epoch. */
const run = (steps: number) => ({ steps, stepsPerEpoch: steps, scores: [] });

Deno.test("constant() gives the same rate at every step", () => {
  const rate = constant({ rate: 0.1 });
  assertEquals([rate(1, run(3)), rate(2, run(3)), rate(3, run(3))], [0.1, 0.1, 0.1]);
});

Deno.test("cosine() begins at the first rate, is halfway in the middle, ends above the last", () => {
  const rate = cosine({ from: 1, to: 0.5 });
  assertEquals(rate(1, run(4)), 1);
  assertEquals(rate(3, run(4)), 0.75);
  assertEquals(rate(5, run(4)), 0.5); // the step after the last
});

Deno.test("cosine() falls at every step", () => {
  const rates = Array.from(
    { length: 1000 },
    (_, index) => cosine({ from: 2, to: 0 })(index + 1, run(1000)),
  );
  assertEquals(rates, rates.toSorted((a, b) => b - a));
  assertEquals(new Set(rates).size, 1000);
});

Deno.test("cosine() can rise as well: a warm-up", () => {
  assertEquals(cosine({ from: 0.1, to: 0.2 })(1, run(10)), 0.1);
  assertEquals(cosine({ from: 0.1, to: 0.2 })(11, run(10)), 0.2);
});
