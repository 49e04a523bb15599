import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Bindings } from "../../../lib/engine/reference/reference.ts";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { isSparse } from "../../../lib/tensor/predicates.ts";
import {
  addNoise,
  type AffineMap,
  below,
  blend,
  type Displacement,
  type Encoding,
  erase,
  gatherRows,
  type ImageSize,
  input,
  key,
  matmul,
  mul,
  source,
  sub,
  type Tensor,
  transpose,
  warp,
} from "../../../lib/tensor/mod.ts";
import TORCH from "../../fixtures/deform.json" with { type: "json" };
import { normalValues } from "../../numbers.ts";
import { assertAgrees } from "../bits.ts";

const IMAGES = 5;
const SIDE = 40;

/** Images around the 4 pixels that are found together and the 16 that are laid out together. */
const size = fc.constantFrom<ImageSize>(
  ...[[1, 1], [1, 7], [2, 3], [5, 4], [8, 8], [9, 14], [13, 15], [28, 28], [32, 32], [3, 33]]
    .map(([height, width]) => ({ height, width }) as ImageSize),
);
const count = fc.constantFrom(1, 2, 3, 8, 17);
const seed = fc.nat(1000);
const encoding = fc.constantFrom<Encoding>("sparse8", "dense8");

/** Rows of images of which most pixels are 0, and image 3 is all 0. */
function rowsOf({ height, width }: ImageSize, count: number, encoding: Encoding): Tensor {
  return gatherRows(source("images", height * width, encoding), input("rows", [count], "integer"));
}

function bindingsOf({ height, width }: ImageSize, count: number, seed: number): Required<Bindings> {
  const size = height * width;
  const values = Array.from(
    { length: IMAGES * size },
    (_, i) =>
      Math.floor(i / size) === 3 ? 0 : Math.max(0, below(key(seed, "pixels"), i, 512) - 256),
  );
  const scale = Float32Array.from({ length: size }, (_, i) => i % 5 === 4 ? 0 : 1 / (i + 2));
  const rows = Array.from({ length: count }, (_, i) => below(key(seed, "rows"), i, IMAGES));
  return { inputs: { rows }, sources: { images: { values, scale } } };
}

const MAP = ["xx", "xy", "atX", "yx", "yy", "atY"] as const;
const mapOf = (count: number) =>
  Object.fromEntries(MAP.map((name) => [name, input(name, [count])])) as unknown as AffineMap;

const displacementOf = (count: number): Displacement => ({
  field: input("field", [SIDE, SIDE]),
  fromX: input("fromX", [count], "integer"),
  fromY: input("fromY", [count], "integer"),
  alongX: input("alongX", [count]),
  alongY: input("alongY", [count]),
});

/** Numbers that lead far away or nowhere, here and there. */
const FAR = [NaN, Infinity, -Infinity, 1e30, -1e30, 1e-40, -0, 0, 2 ** 31, -(2 ** 23)];

/** Maps near the identity, or, if they are wild, of any numbers. */
function mapValues(count: number, seed: number, isWild: boolean) {
  return Object.fromEntries(MAP.map((name) => [
    name,
    normalValues(`${name}${seed}`, [count]).map((value, i) => {
      const far = FAR[below(key(seed, name), i, 30)];
      if (isWild && far !== undefined) return far;
      return value * (isWild ? 20 : 0.3) + (name === "xx" || name === "yy" ? 1 : 0);
    }),
  ]));
}

function displacementValues(count: number, seed: number) {
  const along = (name: string) => normalValues(`${name}${seed}`, [count]).map((value) => 3 * value);
  const from = (name: string) =>
    Array.from(
      { length: count },
      (_, i) => i % 4 === 3 ? (i % 8 === 3 ? -5 : 2 ** 30) : below(key(seed, name), i, SIDE * SIDE),
    );
  return {
    field: normalValues(`field${seed}`, [SIDE * SIDE]),
    alongX: along("alongX"),
    alongY: along("alongY"),
    fromX: from("fromX"),
    fromY: from("fromY"),
  };
}

Deno.test("warp() of images of all sizes, by small and large maps, has the reference's bits", () => {
  fc.assert(
    fc.property(
      size,
      count,
      encoding,
      seed,
      fc.boolean(),
      (size, count, encoding, seed, isWild) => {
        const { inputs, sources } = bindingsOf(size, count, seed);
        const y = warp(rowsOf(size, count, encoding), size, mapOf(count));
        assertAgrees(
          { outputs: { y } },
          { inputs: { ...inputs, ...mapValues(count, seed, isWild) }, sources },
        );
      },
    ),
    { seed: 3, numRuns: 60 },
  );
});

Deno.test("warp() displaced by windows of a field, at any position, has the reference's bits", () => {
  fc.assert(
    fc.property(size, count, encoding, seed, (size, count, encoding, seed) => {
      const { inputs, sources } = bindingsOf(size, count, seed);
      const x = rowsOf(size, count, encoding);
      const y = warp(x, size, mapOf(count), displacementOf(count));
      const given = { ...mapValues(count, seed, false), ...displacementValues(count, seed) };
      assertAgrees({ outputs: { y } }, { inputs: { ...inputs, ...given }, sources });
    }),
    { seed: 4, numRuns: 60 },
  );
});

Deno.test("erase(), blend() and addNoise() in a row have the reference's bits", () => {
  const sides = ["left", "top", "right", "bottom"] as const;
  fc.assert(
    fc.property(size, count, encoding, seed, (size, count, encoding, seed) => {
      const { inputs, sources } = bindingsOf(size, count, seed);
      const box = Object.fromEntries(
        sides.map((side) => [side, input(side, [count], "integer")]),
      ) as unknown as Parameters<typeof erase>[2];
      const x = rowsOf(size, count, encoding);
      const erased = erase(x, size, box);
      const blended = blend(erased, input("weight", [count]));
      const added = input("added", [count, size.height * size.width]);
      const y = addNoise(blended, added);
      const given = {
        ...Object.fromEntries(sides.map((side) => [
          side,
          Array.from({ length: count }, (_, i) => below(key(seed, side), i, 50) - 15),
        ])),
        weight: Array.from({ length: count }, (_, i) => below(key(seed, "weight"), i, 65) / 64),
        added: normalValues(`added${seed}`, added.shape).map((value, i) =>
          FAR[below(key(seed, "far"), i, 40)] ?? 60 * value
        ),
      };
      const outputs = { erased, blended, y };
      assertAgrees({ outputs }, { inputs: { ...inputs, ...given }, sources });
    }),
    { seed: 5, numRuns: 60 },
  );
});

Deno.test("matmul() of augmented rows stays sparse: forward, gradient and update have the reference's bits", () => {
  const [size, count, units] = [{ height: 8, width: 8 }, 17, 40];
  for (const encoding of ["sparse8", "dense8"] as const) {
    const { inputs, sources } = bindingsOf(size, count, 6);
    const w = input("w", [64, units]);
    const moved = warp(rowsOf(size, count, encoding), size, mapOf(count));
    const x = blend(moved, input("weight", [count]));
    assertEquals(isSparse(x), encoding === "sparse8");
    assertEquals(isSparse(transpose(x)), encoding === "sparse8");
    const gradient = matmul(transpose(x), input("dy", [count, units]));
    const given = {
      ...mapValues(count, 6, false),
      weight: Array.from({ length: count }, (_, i) => i / 16),
      w: normalValues("w", [64, units]),
      dy: normalValues("dy", [count, units]),
    };
    const program = assertAgrees(
      { outputs: { y: matmul(x, w) }, state: { w: sub(w, mul(gradient, 0.5)) } },
      { inputs: { ...inputs, ...given }, sources },
    );
    const kernels = program.calls.map(({ kernel }) => kernel);
    assertEquals(kernels.filter((name) => name === "warp").length, 1);
    assertEquals(kernels.includes("compressRows"), encoding === "sparse8");
  }
});

/** Applies an operation to one image, in whole numbers. */
function warpOne(
  pixels: readonly number[],
  size: ImageSize,
  map: Partial<Record<typeof MAP[number], number>>,
): readonly number[] {
  const given = { xx: 1, xy: 0, atX: 0, yx: 0, yy: 1, atY: 0, ...map };
  const inputs = Object.fromEntries(MAP.map((name) => [name, [given[name]]]));
  const y = warp(rowsOf(size, 1, "dense8"), size, mapOf(1));
  const [values] = evaluate([y], {
    inputs: { ...inputs, rows: [0] },
    sources: { images: { values: pixels, scale: 1 } },
  });
  return [...values as Float32Array];
}

Deno.test("warp() by the identity changes nothing, and by a translation moves whole pixels", () => {
  const size = { height: 2, width: 3 };
  const pixels = [1, 2, 3, 4, 5, 255];
  assertEquals(warpOne(pixels, size, {}), pixels);
  assertEquals(warpOne(pixels, size, { atX: 1 }), [2, 3, 0, 5, 255, 0]);
  assertEquals(warpOne(pixels, size, { atY: -1 }), [0, 0, 0, 1, 2, 3]);
  assertEquals(warpOne(pixels, size, { xx: -1, atX: 2 }), [3, 2, 1, 255, 5, 4]);
  assertEquals(warpOne(pixels, size, { atX: NaN }), [0, 0, 0, 0, 0, 0]);
});

Deno.test("warp() interpolates between four pixels, with 0 outside the image", () => {
  const size = { height: 2, width: 2 };
  const pixels = [10, 20, 30, 60];
  // A quarter to the right: 12.5 and 37.5 lie between whole numbers, and become even ones
  assertEquals(warpOne(pixels, size, { atX: 0.25 }), [12, 15, 38, 45]);
  assertEquals(warpOne(pixels, size, { atX: 0.5, atY: 0.5 })[0], 30); // the mean of all four
  assertEquals(warpOne(pixels, size, { atX: -0.5, atY: -0.5 }), [2, 8, 10, 30]);
});

Deno.test("warp() agrees with PyTorch's grid_sample, rounded", () => {
  const { height, width, maps, starts, factors, field, images, pixels } = TORCH;
  const count = maps.length;
  const of = (numbers: readonly number[][], axis: number) => numbers.map((row) => row[axis] ?? NaN);
  const inputs = {
    ...Object.fromEntries(MAP.map((name, index) => [name, of(maps, index)])),
    fromX: of(starts, 0),
    fromY: of(starts, 1),
    field,
    alongX: of(factors, 0),
    alongY: of(factors, 1),
    rows: maps.map((_, index) => index),
  };
  const displacement = {
    ...displacementOf(count),
    field: input("field", [TORCH.side, TORCH.side]),
  };
  const y = warp(rowsOf(TORCH, count, "sparse8"), { height, width }, mapOf(count), displacement);
  const bindings = { inputs, sources: { images: { values: images, scale: 1 } } };
  assertAgrees({ outputs: { y } }, bindings);
  const [values] = evaluate([y], bindings);
  pixels.flat().forEach((expected, index) => {
    // Places are exact here; a value errs by some roundings of numbers up to 255, each 2⁻²⁴ of it
    assertAlmostEquals(values?.[index], expected, 0.5 + 255 * 2 ** -21);
  });
});

Deno.test("warp() of a large image has the reference's bits", () => {
  const size = { height: 301, width: 203 };
  const { inputs, sources } = bindingsOf(size, 1, 8);
  const y = warp(rowsOf(size, 1, "dense8"), size, mapOf(1));
  assertAgrees({ outputs: { y } }, { inputs: { ...inputs, ...mapValues(1, 8, false) }, sources });
});

Deno.test("augmentations reject samples that are not images", () => {
  const size = { height: 2, width: 3 };
  const rows = rowsOf(size, 4, "sparse8");
  const floats = gatherRows(source("x", 6, "dense32"), input("rows", [4], "integer"));
  assertThrows(
    () => warp(floats, size, mapOf(4)),
    TypeError,
    "Cannot warp: expected rows of 8-bit features: received 32-bit ones",
  );
  assertThrows(
    () => blend(mul(rows, 2), input("weight", [4])),
    TypeError,
    "Cannot blend: expected rows of 8-bit features: received primitive",
  );
  assertThrows(
    () => warp(rows, { height: 3, width: 3 }, mapOf(4)),
    TypeError,
    "Cannot warp: expected rows of 3 × 3 pixels: received 6",
  );
  assertThrows(
    () => warp(rows, size, mapOf(5)),
    TypeError,
    "Cannot warp: expected a number for each row, [4]: received [5]",
  );
  assertThrows(
    () => warp(rows, size, mapOf(4), { ...displacementOf(4), field: input("field", [3, 3]) }),
    RangeError,
    "Cannot warp: expected a square field that holds images of 2 × 3: received [3, 3]",
  );
  assertThrows(
    () => addNoise(rows, input("added", [4, 5])),
    TypeError,
    "Cannot add noise: expected a number for each of [4, 6]: received [4, 5]",
  );
  const large = { height: 2048, width: 2048 };
  assertThrows(
    () => warp(rowsOf(large, 1, "dense8"), large, mapOf(1)),
    RangeError,
    "Cannot warp: expected at most 4194304 pixels with their frame: received 2048 × 2048",
  );
});
