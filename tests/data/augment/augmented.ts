/**
 * Augments images as training does, by compiled programs.
 *
 * @module
 */

import {
  type Augmentation,
  augmentedRows,
  imageDeformations,
  precomputedTensors,
} from "../../../lib/data/augment/mod.ts";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { openLocalMachine } from "../../../lib/engine/workers/machine.ts";
import { storeFeatures } from "../../../lib/engine/program/sources.ts";
import { fill, gatherRows, input, source } from "../../../lib/tensor/mod.ts";

/** Images and what is to be made of them. */
export interface Augmenting {
  /** Pixels, row-major [images, height · width]. */
  readonly values: Uint8Array<ArrayBuffer>;
  /** Lines and columns. */
  readonly shape: readonly [number, number];
  /** Numbers of the images that are taken. */
  readonly rows: readonly number[];
  /** Number of the step, from 1; 1 if not given. */
  readonly step?: number;
  /** Seed of the run; 7 if not given. */
  readonly seed?: number;
}

/** Images augmented, and how they are mixed: 1 where they are not. */
export interface AugmentedImages {
  /** Row-major [rows, height · width]. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** Share of each image in itself [rows]. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** Augments a batch of images, for training. */
export function augmentImages(
  deformations: readonly Augmentation[],
  { values, shape, rows, step = 1, seed = 7 }: Augmenting,
): AugmentedImages {
  const size = shape[0] * shape[1];
  const given = imageDeformations(deformations, { shape, values });
  if (given === undefined) throw new TypeError("Cannot augment: expected augmentations");
  const samples = input("rows", [rows.length], "integer");
  const { x, mix } = augmentedRows(given, gatherRows(source("images", size, "dense8"), samples), {
    seed,
    purpose: "train",
    samples,
    step: input("step", [], "integer"),
  });
  const constants = precomputedTensors(given, seed);
  const weights = mix?.weight ?? fill(1, [rows.length]);
  const machine = openLocalMachine({
    programs: {
      main: compile({ outputs: { x, weights } }),
      ...(Object.keys(constants).length > 0 ? { once: compile({ outputs: constants }) } : {}),
    },
    aliases: {
      once: Object.fromEntries(Object.keys(constants).map((name) => [`out:${name}`, `in:${name}`])),
    },
    sources: { images: storeFeatures(values, size, 1, "dense8") },
    perStep: [],
    steps: 1,
  });
  if (Object.keys(constants).length > 0) machine.run("once");
  machine.integers("in:rows").set(rows);
  machine.integers("in:step").set([step]);
  machine.run("main");
  return {
    pixels: new Float32Array(machine.floats("out:x")),
    weights: new Float32Array(machine.floats("out:weights")),
  };
}
