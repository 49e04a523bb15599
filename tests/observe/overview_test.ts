import { assertEquals } from "@std/assert";
import type { Samples, Split } from "../../lib/data/dataset.ts";
import { computeOverview } from "../../lib/observe/overview.ts";
import { sizeOf } from "../../lib/tensor/tensor.ts";

/** Samples whose features are row, row + 1 and so on, of classes in turn. */
function samplesOf(count: number, shape: readonly number[], classes: number): Samples {
  const features = sizeOf(shape);
  return {
    count,
    shape,
    values: Uint8Array.from(
      { length: count * features },
      (_, i) => Math.floor(i / features) + i % features,
    ),
    labels: Uint16Array.from({ length: count }, (_, row) => row % classes),
  };
}

function splitOf(samples: Samples, rows: readonly number[]): Split {
  return { samples, rows: Uint32Array.from(rows) };
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

Deno.test("computeOverview() counts the classes of each split, with 0 for missing ones", () => {
  const samples = samplesOf(12, [2], 3);
  const { splits, shape } = computeOverview({
    train: splitOf(samples, [0, 1, 3, 4, 6]),
    validation: splitOf(samples, [2, 5]),
    test: splitOf(samplesOf(5, [2], 3), upTo(5)),
  }, 4);
  assertEquals(shape, [2]);
  assertEquals(splits.map(({ split, counts }) => [split, [...counts]]), [
    ["train", [3, 2, 0, 0]],
    ["validation", [0, 0, 2, 0]],
    ["test", [2, 2, 1, 0]],
  ]);
});

Deno.test("computeOverview() keeps the names of features, if there are any", () => {
  const splits = { train: splitOf(samplesOf(6, [2], 2), upTo(5)) };
  assertEquals(computeOverview(splits, 2, ["length", "width"]).columns, ["length", "width"]);
  assertEquals("columns" in computeOverview(splits, 2), false);
});

Deno.test("computeOverview() computes the mean of each class, and 0 for a class without samples", () => {
  const { means, averaged } = computeOverview({ train: splitOf(samplesOf(6, [2], 2), upTo(5)) }, 3);
  // rows 0, 2, 4 of class 0 and 1, 3 of class 1; features are row and row + 1
  assertEquals([...means], [2, 3, 2, 3, 0, 0]);
  assertEquals([...averaged], [3, 2, 0]);
});

Deno.test("computeOverview() chooses samples of a large class evenly over its rows", () => {
  const samples = samplesOf(1000, [1], 1);
  const { averaged, samples: shown } = computeOverview({ train: splitOf(samples, upTo(1000)) }, 1);
  assertEquals([...averaged], [250]);
  assertEquals([...shown.rows], [0, 125, 250, 375, 500, 625, 750, 875]);
  assertEquals([...shown.values], [...shown.rows].map((row) => row % 256));
});

Deno.test("computeOverview() keeps samples class by class, as they were loaded", () => {
  const raw = samplesOf(7, [1, 2], 2);
  const prepared = { ...raw, values: raw.values.map((x) => x + 100), shape: [2] };
  const preparation = { shape: [1, 2], methods: [] };
  const train = splitOf({ ...prepared, prepared: { preparation, raw } }, [0, 1, 2, 5]);
  const { samples, shape } = computeOverview({ train }, 2);
  assertEquals(shape, [1, 2]);
  assertEquals([...samples.rows], [0, 2, 1, 5]);
  assertEquals([...samples.labels], [0, 0, 1, 1]);
  assertEquals([...samples.values], [0, 1, 2, 3, 1, 2, 5, 6]);
});

Deno.test("computeOverview() keeps floating-point features, and their means in single precision", () => {
  const values = Float32Array.of(0.1, 0.2, 0.4);
  const samples = { count: 3, shape: [1], values, labels: Uint16Array.of(0, 0, 0) };
  const { means, samples: shown } = computeOverview({ train: splitOf(samples, [0, 1, 2]) }, 1);
  const sum = Math.fround(0.1) + Math.fround(0.2) + Math.fround(0.4);
  assertEquals([...means], [Math.fround(sum / 3)]);
  assertEquals(shown.values, values);
});

Deno.test("computeOverview() keeps fewer samples of many classes, and only counts if there is no room", () => {
  const of = (classes: number, side: number) =>
    computeOverview({
      train: splitOf(samplesOf(10 * classes, [side, side], classes), upTo(10 * classes)),
    }, classes);
  // ⌊200,000 ÷ (47 · 784)⌋ = 5 a class
  assertEquals(of(47, 28).samples.rows.length, 5 * 47);
  assertEquals(of(47, 28).means.length, 47 * 784);
  const { means, averaged, samples, splits } = of(3, 300); // 3 · 90,000 are too many
  assertEquals([means.length, [...averaged], samples.rows.length], [0, [0, 0, 0], 0]);
  assertEquals([...splits[0]?.counts ?? []], [10, 10, 10]);
});
