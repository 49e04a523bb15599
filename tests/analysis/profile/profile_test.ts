import { assertAlmostEquals, assertEquals } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import {
  computeOperationCosts,
  type Cost,
  groupCallsByLabel,
} from "../../../lib/engine/program/cost.ts";
import { combineTimelines } from "../../../lib/analysis/profile/profile.ts";
import type { Timeline } from "../../../lib/analysis/profile/timeline.ts";
import { nearestBandwidth, shortestTime } from "../../../lib/analysis/profile/roofline.ts";
import type { Program } from "../../../lib/engine/program/program.ts";
import {
  add,
  addRow,
  dot,
  gatherRows,
  input,
  matmul,
  max,
  mul,
  source,
  sqrt,
  sum,
  type Tensor,
  transpose,
} from "../../../lib/tensor/mod.ts";

/** Entries that every batch of sparse rows has in these tests. */
const ENTRIES = 30;

/** The operations of an expression with what they cost. */
function costs(y: Tensor): Readonly<Record<string, Cost>> {
  return named(compile({ outputs: { y } }));
}

function named(program: Program): Readonly<Record<string, Cost>> {
  const costs = computeOperationCosts(program, () => ENTRIES);
  return Object.fromEntries(
    groupCallsByLabel(program).map(({ label }, index) => [label, costs[index]]),
  );
}

Deno.test("computeOperationCosts() counts 2 m n k flops for a dense product, and each matrix read or written once", () => {
  const [a, b] = [input("a", [6, 50]), input("b", [50, 40])];
  const product = { flops: 2 * 6 * 50 * 40, bytes: 4 * (6 * 50 + 50 * 40 + 6 * 40) };
  assertEquals(costs(matmul(a, b)), { "matmul: matmul": product });
  const [at, bt] = [transpose(input("a", [50, 6])), transpose(input("b", [40, 50]))];
  assertEquals(costs(matmul(at, bt)), { "matmul: matmul": product });
});

Deno.test("computeOperationCosts() counts the nonzero numbers of a sparse product, in all panels together", () => {
  const x = gatherRows(source("features", 12, "sparse8"), input("rows", [6], "integer"));
  const y = matmul(x, input("w", [12, 70]));
  const { "compress rows: compressRows": compress, "matmul: sparseProduct": product } = costs(y);
  assertEquals(compress, { flops: ENTRIES, bytes: 6 * 12 + 4 * 6 + 8 * ENTRIES });
  assertEquals(product, {
    flops: 2 * 70 * ENTRIES,
    bytes: 4 * 6 + 8 * ENTRIES + 4 * 12 * 70 + 4 * 6 * 70,
  });
});

Deno.test("computeOperationCosts() counts the column entries of a gradient of sparse rows", () => {
  const x = gatherRows(source("features", 12, "sparse8"), input("rows", [6], "integer"));
  const { "compress columns: compressColumns": columns, "matmul: sparseProduct": product } = costs(
    matmul(transpose(x), input("dy", [6, 8])),
  );
  assertEquals(columns, { flops: 0, bytes: 4 * 6 + 4 * 12 + 2 * 8 * ENTRIES });
  assertEquals(product, {
    flops: 2 * 8 * ENTRIES,
    bytes: 4 * 12 + 8 * ENTRIES + 4 * 6 * 8 + 4 * 12 * 8,
  });
});

Deno.test("computeOperationCosts() counts the arithmetic of a loop for each element, without selections", () => {
  const [a, b] = [input("a", [1000]), input("b", [1000])];
  const program = compile({ state: { a: sqrt(add(mul(a, 0.5), b)) } });
  assertEquals(Object.values(named(program)), [{ flops: 3000, bytes: 4 * 3000 }]);
  const [x, row] = [input("x", [5, 7]), input("row", [7])];
  assertEquals(Object.values(costs(addRow(x, row))), [{ flops: 35, bytes: 4 * (35 + 7 + 35) }]);
});

Deno.test("computeOperationCosts() counts one operation per element for reductions", () => {
  const x = input("x", [5, 7]);
  const reduced = { flops: 35, bytes: 4 * (35 + 7) };
  assertEquals(costs(sum(x, "rows")), { "sum over rows: sumRows": reduced });
  const perRow = { flops: 35, bytes: 4 * (35 + 5) };
  assertEquals(costs(sum(x, "columns")), { "sum over columns: sumColumns": perRow });
  assertEquals(costs(max(x, "columns")), { "max over columns: maxColumns": perRow });
});

Deno.test("computeOperationCosts() counts one read for the dot product of a vector with itself", () => {
  const x = input("x", [10_000]);
  const { "dot: dotBlocks": blocks, "dot: sumVector": total } = costs(dot(x, x));
  assertEquals(blocks, { flops: 20_000, bytes: 4 * (10_000 + 3) });
  assertEquals(total, { flops: 3, bytes: 4 * (3 + 1) });
});

Deno.test("computeOperationCosts() counts nonzero numbers of a product that skips zeros", () => {
  const product = matmul(max(input("a", [6, 50]), 0), input("b", [50, 80]));
  assertEquals(costs(product)["matmul: matmul"]?.flops, 2 * 80 * ENTRIES);
});

const CEILINGS = {
  compute: 50,
  memory: [{ bytes: 1000, rate: 100 }, { bytes: 1e6, rate: 10 }],
} as const;

Deno.test("shortestTime() is bounded by arithmetic, or by the bandwidth for the number of bytes", () => {
  assertAlmostEquals(shortestTime({ flops: 50_000, bytes: 500 }, CEILINGS), 1);
  assertAlmostEquals(shortestTime({ flops: 10, bytes: 500 }, CEILINGS), 0.005);
  assertAlmostEquals(shortestTime({ flops: 10, bytes: 50_000 }, CEILINGS), 5);
  assertEquals([1, 30_000, 33_000, 1e9].map((bytes) => nearestBandwidth(CEILINGS, bytes).rate), [
    100,
    100,
    10,
    10,
  ]);
});

/** Two calls with a barrier between, by two workers; the second call has one row only. */
const PROGRAM = {
  calls: [
    { kernel: "a", arguments: [], rows: 8, reads: [], writes: [], flops: 100 },
    { kernel: "b", arguments: [], reads: [], writes: [], flops: 10 },
  ],
  labels: ["a", "b"],
};
const COSTS = computeOperationCosts(PROGRAM, () => 0);
const FIRST: Timeline = {
  intervals: [undefined, 0, undefined, 1],
  // two slow starts, then steps of 1, 10, 2 and 5 microseconds
  moments: Float64Array.from(
    [[0, 9, 29, 30, 40], [0, 1, 11, 13, 18], [100, 101, 111, 113, 118]].flat(),
  ),
};
const SECOND: Timeline = {
  intervals: [undefined, 0, undefined],
  moments: Float64Array.from([[0, 1, 9, 14], [0, 1, 9, 14], [100, 101, 109, 114]].flat()),
};

Deno.test("combineTimelines() takes medians over steps and means over workers, with waiting as a separate time", () => {
  const profile = combineTimelines(PROGRAM, [FIRST, SECOND], { clock: 0, costs: COSTS });
  assertEquals(profile, {
    operations: [
      { label: "a", flops: 100, bytes: 0, time: 9, longest: 10 },
      { label: "b", flops: 10, bytes: 0, time: 2.5, longest: 5 },
    ],
    waiting: (1 + 2) / 2 + (1 + 5) / 2,
    time: 16,
    workers: 2,
    steps: 3,
  });
});

Deno.test("combineTimelines() subtracts the time of reading the clock, but never below zero", () => {
  const { operations, waiting } = combineTimelines(PROGRAM, [FIRST], { clock: 1.5, costs: COSTS });
  assertEquals(operations.map(({ time }) => time), [8.5, 3.5]);
  assertEquals(waiting, 0 + 0.5);
});
