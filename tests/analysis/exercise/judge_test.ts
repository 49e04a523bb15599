import { assert, assertEquals, assertMatch } from "@std/assert";
import { exercises } from "../../../lib/analysis/exercise/exercises.ts";
import { judgeImplementation } from "../../../lib/analysis/exercise/judge.ts";
import { div, greater, mul, select, sub, type Tensor, transpose } from "../../../lib/tensor/mod.ts";

function named(name: string) {
  const found = exercises.find((exercise) => exercise.name === name);
  assert(found !== undefined, name);
  return found;
}

Deno.test("there are ten exercises with distinct names", () => {
  assertEquals(new Set(exercises.map(({ name }) => name)).size, 10);
});

for (const exercise of exercises) {
  const { name, solution, mistakes } = exercise;
  Deno.test(`judgeImplementation() judges the solution of ${name} equal, and each mistake different with its reason`, () => {
    assertEquals(judgeImplementation(exercise, solution).kind, "equal");
    for (const [reason, mistake] of Object.entries(mistakes)) {
      const { kind, lines } = judgeImplementation(exercise, mistake);
      assertEquals([kind, lines[1]], ["different", reason]);
      assertMatch(
        lines[0],
        /^different: the first difference is .+, in "\w+" at \[[\d, ]+\]: expected/,
      );
    }
  });
}

Deno.test("judgeImplementation() judges the same formula in another order approximately equal, with the largest difference", () => {
  const { kind, lines } = judgeImplementation(
    named("momentum"),
    (p: Tensor, g: Tensor, v: Tensor, { rate, decay }: { rate: number; decay: number }) => {
      const next = mul(div(sub(mul(v, 3 * decay), mul(g, -3)), 7), 7 / 3);
      return { p: sub(p, mul(next, rate)), v: next };
    },
  );
  assertEquals(kind, "close");
  assertMatch(
    lines[0],
    /^approximately equal: the largest difference is .+e−\d+, in "\w" at \[\d\]/,
  );
});

Deno.test("judgeImplementation() reports missing results, wrong shapes, values that are not tensors, and errors", () => {
  const dense = named("dense-backward");
  const { call } = dense;
  const solved = call(dense.solution) as Record<string, Tensor>;
  const linesOf = (implementation: unknown) => judgeImplementation(dense, implementation).lines;
  assertEquals(linesOf(() => ({ dx: solved.dx, weight: solved.weight })), [
    'expected a result "bias": received none',
  ]);
  assertEquals(linesOf(() => ({ ...solved, weight: transpose(solved.weight) })), [
    'expected "weight" of shape [4, 2]: received [2, 4]',
  ]);
  assertEquals(linesOf(() => ({ ...solved, dx: 7 })), [
    'denseBackward() throws: expected "dx" as a tensor: received number',
  ]);
  assertEquals(
    linesOf(() => {
      throw new Error("not written yet");
    }),
    ["denseBackward() throws: not written yet"],
  );
});

Deno.test("judgeImplementation() shows that a wrong relu differs at zero, where the gradient does not pass", () => {
  const { kind, lines } = judgeImplementation(
    named("relu-backward"),
    (x: Tensor, dy: Tensor) => select(greater(0, x), 0, dy),
  );
  assertEquals([kind, lines.length], ["different", 1]);
});
