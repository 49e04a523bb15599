import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  affine,
  type AffineOptions,
  type Augmentation,
  cutout,
  elastic,
  imageDeformations,
  mixup,
  noise,
} from "../../../lib/data/augment/mod.ts";
import { randomWords } from "../../../lib/data/augment/random.ts";
import { smoothField } from "../../../lib/data/augment/elastic.ts";
import { symmetricBeta } from "../../../lib/data/augment/mixup.ts";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { openLocalMachine } from "../../../lib/engine/workers/machine.ts";
import {
  constant,
  gatherRows,
  input,
  key,
  rowIndex,
  source,
  type Tensor,
} from "../../../lib/tensor/mod.ts";
import { augmentImages } from "./augmented.ts";

const COUNT = 4000;
const STILL: AffineOptions = { rotate: 0, scale: 0, stretch: 0, shear: 0, shift: 0, mirror: 0 };

/** The numbers of the maps that are drawn for images of 11 × 13 pixels, by name. */
function mapsOf(options: Partial<AffineOptions>): Readonly<Record<string, Float32Array>> {
  const x = gatherRows(source("x", 143, "dense8"), input("rows", [COUNT], "integer"));
  const { map } = affine({ ...STILL, ...options }).apply({ x, size: { height: 11, width: 13 } }, {
    key: key(1),
    samples: rowIndex([COUNT]),
    step: constant(1, "integer"),
    constants: {},
  });
  const entries = Object.entries(map as object) as [string, Tensor][];
  const values = evaluate(entries.map(([, tensor]) => tensor), {}, "f32");
  return Object.fromEntries(entries.map(([name], i) => [name, values[i] as Float32Array]));
}

/** Asserts that numbers fill a range from low to high evenly. */
function assertUniform(values: Float32Array, low: number, high: number): void {
  const sorted = values.toSorted();
  const farthest = sorted.reduce(
    (most, value, i) =>
      Math.max(most, Math.abs((value - low) / (high - low) - (i + 0.5) / sorted.length)),
    0,
  );
  assertLess(farthest, CRITICAL / Math.sqrt(values.length));
}

/** Kolmogorov's distance, times √n, that one sample in a hundred thousand exceeds: √(½ ln(2 · 10⁵)). */
const CRITICAL = 2.5;

const all = (values: Float32Array, value: number) => values.every((each) => each === value);

Deno.test("affine() with zero limits changes nothing, not even by rounding", () => {
  const { xx, xy, atX, yx, yy, atY } = mapsOf({}) as Record<string, Float32Array>;
  assert([xx, yy].every((values) => all(values, 1)));
  assert([xy, atX, yx, atY].every((values) => all(values, 0)));
});

Deno.test("affine() rotates about the middle by a uniform angle within its limits", () => {
  const { xx, xy, atX, yx, yy, atY } = mapsOf({ rotate: 30 }) as Record<string, Float32Array>;
  const degrees = xy.map((sine) => Math.asin(sine) * 180 / Math.PI);
  assertUniform(degrees, -30, 30);
  for (let i = 0; i < COUNT; i++) {
    const [a, b, c, d] = [xx, xy, yx, yy].map((values) => values?.[i]) as [
      number,
      number,
      number,
      number,
    ];
    // Sine and cosine are right to two units of single precision, 2⁻²³; the middle is at (6, 5)
    assertAlmostEquals(a * a + b * b, 1, 4 * 2 ** -23);
    assertEquals([a, b], [d, -c]);
    assertAlmostEquals(a * 6 + b * 5 + atX?.[i], 6, 8 * 2 ** -22);
    assertAlmostEquals(c * 6 + d * 5 + atY?.[i], 5, 8 * 2 ** -22);
  }
});

Deno.test("affine() scales both axes alike, stretches each separately, shears, and shifts", () => {
  const scaled = mapsOf({ scale: 0.5 });
  assertEquals(scaled.xx, scaled.yy);
  assertUniform(scaled.xx.map((inverse) => 1 / inverse), 0.5, 1.5);
  const stretched = mapsOf({ stretch: 0.5 });
  for (const axis of [stretched.xx, stretched.yy]) {
    assertUniform(axis.map((inverse) => 1 / inverse), 0.5, 1.5);
  }
  assert(stretched.xx?.some((value, i) => value < 1 && stretched.yy?.[i] > 1));
  const slanted = mapsOf({ shear: 0.25 });
  assertUniform(slanted.xy, -0.25, 0.25);
  assert(all(slanted.yx, 0) && all(slanted.xx, 1));
  const shifted = mapsOf({ shift: 2 });
  assertUniform(shifted.atX, -2, 2);
  assertUniform(shifted.atY, -2, 2);
});

Deno.test("affine() mirrors a fraction of the images about their middle", () => {
  const { xx, atX, yy, atY } = mapsOf({ mirror: 0.25 }) as Record<string, Float32Array>;
  const mirrored = xx?.filter((value) => value === -1) as Float32Array;
  // four standard deviations of a binomial share
  assertAlmostEquals(mirrored.length / COUNT, 0.25, 4 * Math.sqrt(0.25 * 0.75 / COUNT));
  assertEquals([...new Set(xx)].sort(), [-1, 1]);
  for (let i = 0; i < COUNT; i++) assertEquals(atX?.[i], xx?.[i] === -1 ? 12 : 0);
  assert(all(yy, 1) && all(atY, 0));
});

Deno.test("affine() followed by elastic() is one interpolation; a second map is another", () => {
  const x = gatherRows(source("x", 64, "sparse8"), input("rows", [2], "integer"));
  const warps = (...deformations: readonly Augmentation[]) => {
    let images: Parameters<Augmentation["apply"]>[0] = { x, size: { height: 8, width: 8 } };
    for (const augmentation of deformations) {
      const constants = augmentation.constants?.(key(0)) ?? {};
      const step = input("step", [], "integer");
      const samples = input("rows", [2], "integer");
      images = augmentation.apply(images, { key: key(1), samples, step, constants });
    }
    let count = 0;
    for (let at = images.x; at !== x; at = at.inputs[0]) count++;
    return { count, isPending: images.map !== undefined };
  };
  const [turn, bend] = [affine({ ...STILL, rotate: 5 }), elastic({ sigma: 4, strength: 1 })];
  assertEquals(warps(turn), { count: 0, isPending: true });
  assertEquals(warps(turn, bend), { count: 1, isPending: false });
  assertEquals(warps(bend, turn), { count: 1, isPending: true });
  assertEquals(warps(turn, turn), { count: 1, isPending: true });
  assertEquals(warps(turn, cutout({ size: 2 })), { count: 2, isPending: false });
});

Deno.test("smoothField() has the root mean square 1 and the smoothness of its Gaussian", () => {
  for (const sigma of [2, 4]) {
    const machine = openLocalMachine({
      programs: { main: compile({ outputs: { field: smoothField(key(5), sigma) } }) },
      sources: {},
      perStep: [],
      steps: 1,
    });
    machine.run("main");
    const field = machine.floats("out:field");
    const side = 512;
    const correlation = (apart: number) => {
      let sum = 0;
      for (let line = 0; line < side; line++) {
        for (let column = 0; column < side; column++) {
          const here = field[line * side + column];
          sum += here * field[line * side + (column + apart) % side];
        }
      }
      return sum / side ** 2;
    };
    assertAlmostEquals(correlation(0), 1, 1e-5);
    // Smoothed white noise correlates by exp(−d² / 4σ²). A field of 512² numbers, of which about
    // (512 / 3.5 σ)² are independent, tells that to a few times their number's root
    const tolerance = 4 * 3.5 * sigma / side;
    for (const apart of [sigma, 2 * sigma, 6 * sigma]) {
      const expected = Math.exp(-(apart ** 2) / (4 * sigma ** 2));
      assertAlmostEquals(correlation(apart), expected, tolerance);
    }
  }
});

Deno.test("elastic() of strength 0 changes nothing; otherwise it displaces by its strength", () => {
  const shape = [28, 28] as const;
  // A slope of 4 a column: how far a pixel is displaced along x shows in its value
  const values = Uint8Array.from({ length: 784 }, (_, i) => 60 + 4 * (i % 28));
  const rows = Array.from({ length: 400 }, () => 0);
  const still = augmentImages([elastic({ sigma: 4, strength: 0 })], { values, shape, rows: [0] });
  assertEquals([...still.pixels], [...values]);
  const samples = new Uint8Array(400 * 784).map((_, i) => values[i % 784]);
  const moved = augmentImages([elastic({ sigma: 4, strength: 0.8 })], {
    values: samples,
    shape,
    rows: rows.map((_, i) => i),
  });
  let [sum, count] = [0, 0];
  moved.pixels.forEach((value, i) => {
    const [line, column] = [Math.floor(i % 784 / 28), i % 28];
    if (line < 5 || line > 22 || column < 5 || column > 22) return; // far from the edge
    sum += ((value - values[i % 784]) / 4) ** 2;
    count++;
  });
  // Rounding adds 1/12 · 1/16 to the mean square. Some 400 · 2 independent displacements
  assertAlmostEquals(Math.sqrt(sum / count - 1 / 192), 0.8, 0.8 * 3 / Math.sqrt(800));
});

Deno.test("noise() is normal with its deviation on grey, and is clipped on black and white", () => {
  const shape = [30, 30] as const;
  const values = Uint8Array.from(
    { length: 3 * 900 },
    (_, i) => Math.min(255, 128 * Math.floor(i / 900)),
  );
  const { pixels } = augmentImages([noise({ deviation: 0.1 })], { values, shape, rows: [0, 1, 2] });
  const [black, grey, white] = [0, 1, 2].map((
    image,
  ) => [...pixels.slice(900 * image, 900 * (image + 1))]) as [number[], number[], number[]];
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b) / numbers.length;
  const deviation = 25.5;
  // Four standard errors of 900 numbers
  assertAlmostEquals(mean(grey), 128, 4 * deviation / 30);
  const variance = mean(grey.map((value) => (value - 128) ** 2));
  assertAlmostEquals(Math.sqrt(variance), deviation, 4 * deviation / Math.sqrt(1800));
  for (const cut of [black, white.map((value) => 255 - value)]) {
    assertAlmostEquals(mean(cut), deviation / Math.sqrt(2 * Math.PI), 4 * 0.6 * deviation / 30);
  }
});

Deno.test("cutout() erases a square, less at the edge, and all pixels equally often", () => {
  const shape = [6, 7] as const;
  const values = new Uint8Array(2000 * 42).fill(9);
  const rows = Array.from({ length: 2000 }, (_, i) => i);
  const { pixels } = augmentImages([cutout({ size: 3 })], { values, shape, rows });
  const erased = rows.map((row) =>
    pixels.slice(row * 42, (row + 1) * 42).filter((p) => p === 0).length
  );
  assertEquals(new Set(erased), new Set([9, 6, 4]));
  const middle = rows.filter((row) => pixels[row * 42 + 2 * 7 + 3] === 0).length;
  // A pixel in the middle is erased by 9 of 42 squares; four standard errors
  assertAlmostEquals(middle / 2000, 9 / 42, 4 * Math.sqrt((9 / 42) * (33 / 42) / 2000));
});

/** Numbers of the distribution Beta(α, α). */
function betas(alpha: number): Float32Array {
  const draw = { key: key(9), samples: rowIndex([20_000]), step: constant(1, "integer") };
  const [values] = evaluate([symmetricBeta(randomWords(draw, 0), alpha)], {}, "f32");
  return values as Float32Array;
}

Deno.test("symmetricBeta() is uniform for 1, and the arcsine distribution for a half", () => {
  assertUniform(betas(1), 0, 1);
  assertUniform(betas(0.5).map((b) => 2 / Math.PI * Math.asin(Math.sqrt(b))), 0, 1);
});

Deno.test("symmetricBeta() has the mean and variance of Beta(α, α), from 0 to 1", () => {
  for (const alpha of [0.01, 0.2, 0.5, 1, 2, 5, 100]) {
    const values = betas(alpha);
    assert(values.every((value) => value >= 0 && value <= 1));
    const variance = 1 / (4 * (2 * alpha + 1));
    const mean = values.reduce((a, b) => a + b) / values.length;
    assertAlmostEquals(mean, 0.5, 4 * Math.sqrt(variance / values.length));
    const found = values.reduce((sum, b) => sum + (b - 0.5) ** 2, 0) / values.length;
    // The fourth moment is at most 3 variance², so the variance errs by √2 variance / √n at most
    assertAlmostEquals(found, variance, 4 * Math.SQRT2 * variance / Math.sqrt(values.length));
  }
});

Deno.test("mixup() mixes each image with the next by its weight, and the last with the first", () => {
  const values = Uint8Array.from([0, 0, 100, 100, 200, 200]);
  const { pixels, weights } = augmentImages([mixup({ alpha: 1 })], {
    values,
    shape: [1, 2],
    rows: [0, 1, 2],
  });
  [[0, 100], [100, 200], [200, 0]].forEach(([own, next], i) => {
    const weight = weights[i];
    assertAlmostEquals(
      pixels[2 * i],
      weight * own + (1 - weight) * next,
      0.5 + 1e-4, // it is rounded to a whole number, after products in single precision
    );
  });
});

Deno.test("imageDeformations() rejects samples that are not 8-bit images, and two mixing augmentations", () => {
  const turn = affine({ ...STILL, rotate: 5 });
  const values = new Uint8Array(0);
  assertEquals(imageDeformations([], { shape: [4], values }), undefined);
  assertThrows(
    () => imageDeformations([turn], { shape: [784], values }),
    RangeError,
    "Cannot augment: expected images [height, width] of 8-bit pixels: received samples [784] of 8 bits",
  );
  assertThrows(
    () => imageDeformations([turn], { shape: [28, 28], values: new Float32Array(0) }),
    RangeError,
    "received samples [28, 28] of 32 bits",
  );
  assertThrows(
    () => imageDeformations([turn], { shape: [32, 32, 3], values }),
    RangeError,
    "received samples [32, 32, 3] of 8 bits",
  );
  const mix = mixup({ alpha: 1 });
  assertThrows(
    () => imageDeformations([mix, mix], { shape: [28, 28], values }),
    RangeError,
    "Cannot augment: expected at most one augmentation that mixes images: received 2",
  );
  assertThrows(
    () => imageDeformations([elastic({ sigma: 4, strength: 1 })], { shape: [600, 20], values }),
    RangeError,
    "Cannot warp: expected a square field that holds images of 600 × 20: received [512, 512]",
  );
});
