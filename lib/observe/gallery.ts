/**
 * Collects samples for reports: mistakes, and training samples beside their augmented copies.
 *
 * @module
 */
import type { Split } from "../data/dataset.ts";
import { augmentedRows, type ImageDeformations, precomputedTensors } from "../data/augment/mod.ts";
import { copyFeatures, unpreparedSplit } from "../data/split/samples.ts";
import { compile } from "../engine/compiler/compile.ts";
import { openLocalMachine } from "../engine/workers/machine.ts";
import { storeFeatures } from "../engine/program/sources.ts";
import { findMistakes } from "../evaluate/mod.ts";
import type { AugmentedGallery, Gallery } from "../run/record.ts";
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { gatherRows, sizeOf, source } from "../tensor/mod.ts";
import { numberInput, sampleInput } from "../train/step/inputs.ts";

/** Largest number of training samples that are shown with augmented copies, each of another class. */
const SAMPLES = 10;

/** Number of augmented copies of each sample. */
const COPIES = 7;

/** Largest number of mistakes on a split whose pixels are stored for reports. */
const MISTAKES = 48;

/** Largest number of pixels of all samples and copies together. */
const MOST_PIXELS = 200_000;

/**
 * Returns the first training sample of each class, for at most 10 classes, with its augmented copies of the
 * first 7 steps of training. If images are large, fewer classes are returned.
 */
export function augmentedGallery(
  deformations: ImageDeformations,
  split: Split,
  seed: number,
): AugmentedGallery {
  const { height, width } = deformations.size;
  const size = height * width;
  const most = Math.min(SAMPLES, Math.floor(MOST_PIXELS / (size * (1 + COPIES))));
  const rows = firstRowOfEachClass(split).slice(0, most);
  const values = new Uint8Array(rows.length * (1 + COPIES) * size);
  const put = (index: number, copy: number, pixels: ArrayLike<number>) =>
    values.set(pixels, (index * (1 + COPIES) + copy) * size);
  const all = split.samples.values;
  rows.forEach((row, index) => put(index, 0, all.subarray(row * size, (row + 1) * size)));
  if (rows.length > 0) {
    const augment = augmenter(deformations, split, rows, seed);
    for (let copy = 1; copy <= COPIES; copy++) {
      const pixels = augment(copy);
      rows.forEach((_, index) =>
        put(index, copy, pixels.subarray(index * size, (index + 1) * size))
      );
    }
  }
  return { rows, shape: [height, width], copies: COPIES, values };
}

/** Returns the row of the first sample of each class, in the order of the classes. */
function firstRowOfEachClass({ samples: { labels }, rows }: Split): Uint32Array<ArrayBuffer> {
  const first = new Map<number, number>();
  for (const row of rows) {
    const label = labels[row];
    if (!first.has(label)) first.set(label, row);
  }
  const classes = [...first.keys()].sort((a, b) => a - b);
  return Uint32Array.from(classes, (label) => first.get(label) as number);
}

/**
 * Returns a function that augments some rows of a split as a training step does. It receives the number of the
 * step, from 1, and returns pixels from 0 to 255 [rows, height × width], in a buffer that its next call reuses.
 *
 * @param rows row numbers of the samples
 */
function augmenter(
  deformations: ImageDeformations,
  { samples: { values, shape } }: Split,
  rows: Uint32Array<ArrayBuffer>,
  seed: number,
): (step: number) => Float32Array {
  const size = sizeOf(shape);
  const samples = sampleInput("rows", rows.length);
  const { x } = augmentedRows(deformations, gatherRows(source("images", size, "dense8"), samples), {
    seed,
    purpose: "train",
    samples,
    step: numberInput("step"),
  });
  const constants = precomputedTensors(deformations, seed);
  const names = Object.keys(constants);
  const machine = openLocalMachine({
    programs: {
      augment: compile({ outputs: { x } }),
      ...(names.length === 0 ? {} : { constants: compile({ outputs: constants }) }),
    },
    aliases: { constants: Object.fromEntries(names.map((name) => [`out:${name}`, `in:${name}`])) },
    sources: { images: storeFeatures(values, size, 1, "dense8") },
    perStep: [],
    steps: 1,
  });
  if (names.length > 0) machine.run("constants");
  machine.integers("in:rows").set(rows);
  return (step) => {
    machine.integers("in:step")[0] = step;
    machine.run("augment");
    return machine.floats("out:x");
  };
}

/**
 * Returns the features, as they were loaded, of the most confident mistakes on a split, at most 48.
 *
 * @param evaluation evaluation of the split
 * @param classes number of classes
 */
export function mistakesGallery(evaluation: Evaluation, split: Split, classes: number): Gallery {
  const mistakes = findMistakes(evaluation, classes).slice(0, MISTAKES);
  return samplesGallery(evaluation.split, split, mistakes.map(({ row }) => row));
}

/**
 * Returns the features of some samples of a split as they were loaded, before preparation and normalization.
 *
 * @param name name of the split
 * @param rowNumbers row of each sample in the data set
 */
export function samplesGallery(
  name: SplitName,
  split: Split,
  rowNumbers: readonly number[],
): Gallery {
  const raw = unpreparedSplit(split);
  const rows = Uint32Array.from(rowNumbers);
  return { split: name, rows, shape: raw.samples.shape, values: copyFeatures(raw, rows) };
}
