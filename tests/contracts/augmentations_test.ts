import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { below, gatherRows, input, key, source } from "../../lib/tensor/mod.ts";
import { augmentImages } from "../data/augment/augmented.ts";
import { deepFrozen } from "../numbers.ts";
import { testEntries } from "./contract.ts";

const SHAPE = [9, 10] as const;
const SIZE = SHAPE[0] * SHAPE[1];
const ROWS = [3, 0, 4, 1, 2];

/** Five images of random pixels, half of them 0. */
const VALUES = Uint8Array.from(
  { length: 5 * SIZE },
  (_, i) => Math.max(0, below(key(1, "pixels"), i, 511) - 255),
);

/** Hash of what each augmentation makes of these images at step 1. */
const GOLDEN: Readonly<Record<typeof augmentations.names[number], string>> = {
  affine: "f48002418b782ad6f98b3237677cd957bff47b4be9e307977ad5227bebc26d44",
  elastic: "36cd9963380a17a6233c3aef703af58ccdd5778fb9344347fc77c9a27069fa72",
  noise: "f117f1bfa41837ff329bbb8b19e1360fe81b9cebb51bc8f8380dc9d439d08c77",
  cutout: "87fe1b913c662063efe40c72bcca0a046ac033e2848891f43a70c951243b3a6b",
  mixup: "368e2dcf9dd68c30fa3cace410f611a054dbd6416c0d411d8c81e7efcd1672a3",
};

testEntries(augmentations);

for (const [name] of augmentations) {
  const made = augmentations.create(augmentations.schema.parse({ name }));
  const augment = (rows: readonly number[] = ROWS, step = 1, seed = 7) =>
    augmentImages([made], { values: VALUES, shape: SHAPE, rows, step, seed });
  const imageAt = (pixels: Float32Array, place: number) =>
    pixels.slice(place * SIZE, (place + 1) * SIZE);

  Deno.test(`augmentation "${name}" changes images, which stay 8-bit whole numbers`, () => {
    const { pixels, weights } = augment();
    const before = ROWS.flatMap((row) => [...VALUES.subarray(row * SIZE, (row + 1) * SIZE)]);
    assertEquals(pixels.length, before.length);
    assertNotEquals([...pixels], before);
    assert(pixels.every((value) => Number.isInteger(value) && value >= 0 && value <= 255));
    assert(weights.every((weight) => weight >= 0 && weight <= 1));
  });

  Deno.test(`augmentation "${name}" draws new numbers for each step, sample and seed`, () => {
    const { pixels } = augment();
    assertNotEquals(augment(ROWS, 2).pixels, pixels);
    assertNotEquals(augment(ROWS, 1, 8).pixels, pixels);
    assertEquals(augment().pixels, pixels);
    const twice = augment([2, 2, 2]).pixels;
    assertEquals(imageAt(twice, 0), imageAt(twice, 1)); // mixed with itself, if it is mixed
  });

  Deno.test(`augmentation "${name}" does not depend on a sample's place in the batch`, () => {
    if (made.isMixture) {
      const [here, there] = [augment([3, 1, 2]), augment([0, 3, 1])];
      assertEquals(imageAt(there.pixels, 1), imageAt(here.pixels, 0)); // with 1 next to it in both
      assertEquals(there.weights[1], here.weights[0]);
    } else {
      assertEquals(imageAt(augment([0, 1, 3]).pixels, 2), imageAt(augment().pixels, 0));
    }
  });

  Deno.test(`augmentation "${name}" does not change its inputs`, () => {
    const samples = input("rows", [2], "integer");
    const x = gatherRows(source("images", SIZE, "sparse8"), samples);
    const own = key(3, "own");
    const images = deepFrozen({ x, size: { height: SHAPE[0], width: SHAPE[1] } });
    const draw = { key: own, samples, step: input("step", [], "integer") };
    made.apply(images, deepFrozen({ ...draw, constants: made.constants?.(own) ?? {} }));
  });

  Deno.test(`augmentation "${name}" computes the bits of its committed hash`, () => {
    const { pixels, weights } = augment();
    const bytes = Uint8Array.from(pixels);
    const all = new Uint8Array([...bytes, ...new Uint8Array(weights.buffer)]);
    assertEquals(sha256(all), GOLDEN[name]);
  });
}
