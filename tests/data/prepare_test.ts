import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import CASES from "../fixtures/prepare.json" with { type: "json" };
import type { Samples, Splits } from "../../lib/data/dataset.ts";
import { computeMoments } from "../../lib/data/prepare/image.ts";
import type { ImageSize } from "../../lib/tensor/mod.ts";
import { type Preparation, preparations } from "../../lib/data/prepare/mod.ts";
import { createImagePreparer, prepare, preprocessedFor } from "../../lib/data/prepare/prepare.ts";

type Method = Preparation["methods"][number];

const DESKEW: Method = { name: "deskew" };
const CENTER: Method = { name: "center", interpolate: false };
const INTERPOLATED: Method = { name: "center", interpolate: true };

/** Applies methods of preparation to an image. */
function prepared(
  image: Uint8Array,
  { height, width }: ImageSize,
  ...methods: readonly Method[]
): Uint8Array {
  const out = new Uint8Array(image.length);
  createImagePreparer({ shape: [height, width], methods })(image, out);
  return out;
}

/** Returns the centre of mass of an image: row, column. */
function centreOf(image: Uint8Array, size: ImageSize): readonly [number, number] {
  const { mass, x, y } = computeMoments(image, size);
  return [y / mass, x / mass];
}

/** μ₁₁ / μ₀₂ */
function slantOf(image: Uint8Array, size: ImageSize): number {
  const { mass, x, y, xy, yy } = computeMoments(image, size);
  return (mass * xy - x * y) / (mass * yy - y * y);
}

/** Images of 15 × 15 with their mass in the 5 × 5 pixels around some place, so that no move loses any. */
const blobs = fc.tuple(
  fc.array(fc.nat(255), { minLength: 25, maxLength: 25 }).filter((values) =>
    values.some((value) => value > 0)
  ),
  fc.integer({ min: 3, max: 7 }),
  fc.integer({ min: 3, max: 7 }),
).map(([values, top, left]) => {
  const image = new Uint8Array(225);
  values.forEach((value, i) => image[(top + Math.floor(i / 5)) * 15 + left + i % 5] = value);
  return image;
});
const SIZE = { height: 15, width: 15 };

Deno.test("deskew() and center() agree with SciPy, to the byte", () => {
  for (const { shape, image, deskew, center, interpolated } of CASES) {
    const [height, width] = shape as [number, number];
    const size = { height, width };
    const given = Uint8Array.from(image);
    assertEquals(prepared(given, size, DESKEW), Uint8Array.from(deskew));
    assertEquals(prepared(given, size, CENTER), Uint8Array.from(center));
    assertEquals(prepared(given, size, INTERPOLATED), Uint8Array.from(interpolated));
  }
});

Deno.test("center() by whole pixels moves the centre of mass to within half a pixel, and does nothing the second time", () => {
  fc.assert(fc.property(blobs, (image) => {
    const once = prepared(image, SIZE, CENTER);
    assert(centreOf(once, SIZE).every((at) => Math.abs(at - 7) <= 0.5));
    assertEquals(prepared(once, SIZE, CENTER), once);
    assertEquals(once.toSorted(), image.toSorted()); // pixels are moved, none is changed
  }));
});

Deno.test("center() with interpolation moves the centre of mass to the middle, up to rounding to bytes", () => {
  fc.assert(fc.property(blobs, (image) => {
    const moved = prepared(image, SIZE, INTERPOLATED);
    const { mass } = computeMoments(moved, SIZE);
    // each of 6 × 6 pixels, at most 3 from the middle, is off by half a unit at most
    const bound = 36 * 0.5 * 3 / mass;
    if (mass > 0) assert(centreOf(moved, SIZE).every((at) => Math.abs(at - 7) <= bound + 1e-12));
  }));
});

/** A stroke of 9 rows around the middle that leans by so many columns a row, with paler neighbours. */
function stroke(lean: number): Uint8Array {
  return Uint8Array.from({ length: 225 }, (_, i) => {
    const [row, column] = [Math.floor(i / 15), i % 15];
    if (row < 3 || row > 11) return 0;
    return Math.max(0, 240 - 120 * Math.abs(column - 7 - lean * (row - 7)));
  });
}

Deno.test("deskew() makes a stroke upright that leans by whole pixels per row, pixel for pixel", () => {
  for (const lean of [-1, 0, 1]) {
    assertEquals(slantOf(stroke(lean), SIZE), lean);
    assertEquals(prepared(stroke(lean), SIZE, DESKEW), stroke(0));
  }
});

Deno.test("deskew() removes the slant and keeps the centre of mass, up to rounding to bytes", () => {
  const image = stroke(0.3);
  // 9 rows of 5 pixels, each off by half a unit at most: μ₁₁ by Σ 0.5 · 2 · |r − 7| = 100 of a mass of
  // 9 · 480 with μ₀₂ = 60 / 9, the centre by Σ 0.5 · 2 = 45
  const mass = 9 * 480;
  const bound = 100 / mass / (60 / 9);
  assertLess(Math.abs(slantOf(image, SIZE) - 0.3), bound);
  const upright = prepared(image, SIZE, DESKEW);
  assertLess(Math.abs(slantOf(upright, SIZE)), bound);
  for (const at of centreOf(upright, SIZE)) assertLess(Math.abs(at - 7), 45 / mass);
});

Deno.test("deskew() does not change a horizontal line", () => {
  const line = new Uint8Array(225).fill(200, 60, 75);
  assertEquals(prepared(line, SIZE, DESKEW), line);
});

Deno.test("createImagePreparer() applies methods in their order, image by image", () => {
  const [a, b] = CASES.slice(0, 2).map(({ image }) => Uint8Array.from(image)) as [
    Uint8Array,
    Uint8Array,
  ];
  const size = { height: 12, width: 10 };
  const methods = [DESKEW, CENTER, DESKEW, INTERPOLATED];
  const out = new Uint8Array(240);
  createImagePreparer({ shape: [12, 10], methods })(Uint8Array.of(...a, ...b), out);
  const inTurn = (image: Uint8Array) =>
    methods.reduce((made, method) => prepared(made, size, method), image);
  assertEquals(out, Uint8Array.of(...inTurn(a), ...inTurn(b)));
});

/** Samples of two kinds of images. */
function samplesOf(images: readonly (readonly number[])[]): Samples {
  return {
    count: images.length,
    shape: [12, 10],
    values: Uint8Array.from(images.flat()),
    labels: new Uint16Array(images.length),
  };
}

const IMAGES = CASES.slice(0, 2).map(({ image }) => image);
const train = samplesOf([...IMAGES, ...IMAGES]);
const SPLITS: Splits = {
  train: { samples: train, rows: Uint32Array.of(0, 1) },
  validation: { samples: train, rows: Uint32Array.of(2, 3) },
  test: { samples: samplesOf(IMAGES), rows: Uint32Array.of(0, 1) },
};

Deno.test("prepare() prepares the samples of all splits in shared memory, and keeps the raw samples", () => {
  const before = train.values.slice();
  const made = prepare(SPLITS, [CENTER]);
  const { samples } = made.train;
  assertEquals(samples.values.slice(0, 120), Uint8Array.from(CASES[0]?.center ?? []));
  assert(samples.values.buffer instanceof SharedArrayBuffer);
  assert(made.validation?.samples === samples); // as training asks
  assert(samples.prepared?.raw === train);
  assertEquals(samples.prepared.preparation, { shape: [12, 10], methods: [CENTER] });
  assertEquals(made.test?.samples.values, samples.values.slice(0, 240));
  assertEquals(made.train.rows, SPLITS.train.rows);
  assertEquals(train.values, before);
  assertEquals(Object.keys(prepare({ train: SPLITS.train }, [CENTER])), ["train"]);
});

Deno.test("preprocessedFor() prepares raw samples and samples with another preparation, and nothing twice", () => {
  const preparation = { shape: [12, 10], methods: [CENTER] };
  const made = prepare(SPLITS, [CENTER]).train;
  assert(preprocessedFor(preparation, made) === made);
  assertEquals(preprocessedFor(preparation, SPLITS.train), made);
  assertEquals(preprocessedFor(preparation, prepare(SPLITS, [DESKEW]).train), made);
  assert(preprocessedFor(undefined, SPLITS.train) === SPLITS.train);
  assert(preprocessedFor(undefined, made).samples === train);
});

Deno.test("prepare() rejects samples that are not grey 8-bit images", () => {
  const refused = (samples: Samples, received: string) =>
    assertThrows(
      () => prepare({ train: { samples, rows: Uint32Array.of(0) } }, [DESKEW]),
      TypeError,
      `Cannot prepare: expected 8-bit images of shape [height, width]: received ${received}`,
    );
  const { values } = train;
  refused({ ...train, shape: [120] }, "8-bit samples of [120]");
  refused({ ...train, shape: [4, 10, 3] }, "8-bit samples of [4, 10, 3]");
  refused({ ...train, values: Float32Array.from(values) }, "32-bit samples of [12, 10]");
});

Deno.test("preparations are created by name, with defaults", () => {
  assertEquals(preparations.schema.parse({ name: "center" }), CENTER);
});
