/** Exact area averaging, against rational arithmetic. */
import { assertEquals } from "@std/assert";
import { resize } from "../../../lib/data/pictures/resize.ts";
import type { GreyImage } from "../../../lib/data/pictures/size.ts";
import { randomOf } from "../../fuzz/random.ts";

const image = (height: number, width: number, values: readonly number[]): GreyImage => ({
  height,
  width,
  values: Uint8Array.from(values),
});

const resized = (from: GreyImage, height: number, width: number): readonly number[] => [
  ...resize(from, { height, width }).values,
];

Deno.test("resize() computes the mean of the area that each pixel covers, halves rounded up", () => {
  assertEquals(resized(image(2, 2, [0, 1, 2, 3]), 1, 1), [2]); // 6 / 4
  assertEquals(resized(image(1, 3, [0, 90, 255]), 1, 2), [30, 200]); // (0 + 90 / 2) / 1.5, …
  assertEquals(resized(image(1, 2, [10, 20]), 1, 4), [10, 10, 20, 20]);
  assertEquals(resized(image(1, 2, [10, 20]), 2, 3), [10, 15, 20, 10, 15, 20]);
  assertEquals(resized(image(2, 1, [7, 9]), 2, 1), [7, 9]);
});

Deno.test("resize() agrees with exact sums of fractions, for any sizes", () => {
  const random = randomOf("resize");
  for (let trial = 0; trial < 60; trial++) {
    const [height, width, h, w] = [1, 2, 3, 4].map(() => 1 + random.below(23));
    const from = image(
      height,
      width,
      Array.from({ length: height * width }, () => random.below(256)),
    );
    const expected = Array.from({ length: h * w }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / w), pixel % w];
      let sum = 0n; // of value · area, the area of a new pixel being height · width
      for (let i = 0; i < height * h; i++) {
        if (Math.floor(i / height) !== row) continue;
        for (let j = 0; j < width * w; j++) {
          if (Math.floor(j / width) !== column) continue;
          sum += BigInt(from.values[Math.floor(i / h) * width + Math.floor(j / w)]);
        }
      }
      const area = BigInt(height * width);
      return Number((2n * sum + area) / (2n * area));
    });
    assertEquals(resized(from, h, w), expected);
  }
});
