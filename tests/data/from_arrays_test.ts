import { assertEquals, assertThrows } from "@std/assert";
import { fromArrays } from "../../lib/data/datasets/from_arrays.ts";
import { split } from "../../lib/data/split/split.ts";

const x = [0, 0.5, 1, 1.5, 2, 2.5];

Deno.test("fromArrays() converts numbers to 32-bit features, and keeps bytes", () => {
  const { train, classes, name } = fromArrays({
    x,
    y: [0, 1, 0],
    features: 2,
    classes: ["a", "b"],
  });
  assertEquals([name, classes, train.count, train.shape], ["arrays", ["a", "b"], 3, [2]]);
  assertEquals(train.values, Float32Array.from(x));
  assertEquals(train.labels, Uint16Array.of(0, 1, 0));
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const images = fromArrays({ x: bytes, y: Uint8Array.of(0, 1), features: [2, 2] });
  assertEquals(images.train.shape, [2, 2]);
  assertEquals(images.train.values, bytes);
});

Deno.test("fromArrays() derives the number of classes from the largest label, or uses the given one", () => {
  assertEquals(fromArrays({ x, y: [0, 2, 1], features: 2 }).classes, ["0", "1", "2"]);
  assertEquals(fromArrays({ x, y: [0, 0, 1], features: 2, classes: 3 }).classes, ["0", "1", "2"]);
});

Deno.test("split() of a data set from arrays uses its test samples as the test split", () => {
  const test = { x: [9, 9], y: [1] };
  const splits = split(fromArrays({ x, y: [0, 1, 0], features: 2, test }), { seed: 1 });
  assertEquals(splits.train.rows, Uint32Array.of(0, 1, 2));
  assertEquals(splits.test?.samples.values, Float32Array.of(9, 9));
});

Deno.test("fromArrays() rejects inconsistent arrays, and names the place", () => {
  const refused = (options: object, message: string) =>
    assertThrows(() => fromArrays({ x, y: [0, 1, 0], features: 2, ...options }), Error, message);
  refused({ features: 4 }, 'array "x": expected whole samples of 4 features: received 6 numbers');
  refused({ features: 0 }, "expected features as a positive integer or a shape: received 0");
  refused({ y: [0, 1] }, 'expected 3 labels, one for each sample of "x": received 2');
  refused({ y: [0, 1, 0.5] }, "expected integers from 0 as labels: received 0.5 for sample 2");
  refused({ y: [0, 1, 2], classes: 2 }, "expected labels from 0 to 1");
  refused({ x: [0, 1, 2, NaN, 4, 5] }, "received NaN as feature 1 of sample 1");
  refused({ test: { x: [1], y: [0] } }, 'array "test.x": expected whole samples of 2 features');
});
