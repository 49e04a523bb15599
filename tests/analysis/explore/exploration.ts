/**
 * Explorations of data that is made up, of any form.
 *
 * @module
 */
import { exploreDataset } from "../../../lib/analysis/explore/explore.ts";
import type { Dataset, Samples } from "../../../lib/data/dataset.ts";
import { split, type SplitOptions } from "../../../lib/data/split/split.ts";
import type { ExplorationRecord } from "../../../lib/analysis/explore/exploration.ts";
import { sizeOf } from "../../../lib/tensor/tensor.ts";

/** Options of made-up data. */
export interface MadeUp {
  /** Shape of a sample. */
  readonly shape: readonly number[];
  /** Number of samples of each class. */
  readonly counts: readonly number[];
  /** The same of test samples; there are none if not given. */
  readonly testCounts?: readonly number[];
  /** Whether values are 32-bit floating-point numbers, some of them negative. Defaults to false: 8-bit. */
  readonly floats?: boolean;
  /** Names of the features; none if not given. */
  readonly columns?: readonly string[];
  /** Returns the name of a class. Defaults to its number. */
  readonly nameOf?: (label: number) => string;
  /** Options of the split. Defaults to no held-out samples. */
  readonly cut?: Omit<SplitOptions, "seed">;
}

/**
 * Explores data in which each class has a stripe of its own, the first feature is constant, and every
 * ninth sample is the same as the one before, whatever its class.
 */
export function makeExploration(made: MadeUp): ExplorationRecord {
  const { shape, counts, testCounts, columns, nameOf = String, cut = {} } = made;
  const dataset: Dataset = {
    name: "made up",
    classes: counts.map((_, label) => nameOf(label)),
    train: makeSamples(made, counts, shape),
    ...(testCounts === undefined ? {} : { test: makeSamples(made, testCounts, shape) }),
    ...(columns === undefined ? {} : { columns }),
    hashes: [],
  };
  const explored = exploreDataset(dataset, split(dataset, { ...cut, seed: 5 }), 5);
  return { ...explored, name: "stripes-explore-0123456789", title: "stripes" };
}

function makeSamples(
  { floats = false }: MadeUp,
  counts: readonly number[],
  shape: readonly number[],
): Samples {
  const features = sizeOf(shape);
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
  const length = labels.length * features;
  const values = floats ? new Float32Array(length) : new Uint8Array(length);
  labels.forEach((label, row) => {
    const start = row * features;
    if (row % 9 === 8) return values.copyWithin(start, start - features, start);
    for (let f = 1; f < features; f++) {
      const stripe = (f + label) % (counts.length + 1) === 0 ? 150 : 0;
      const value = stripe + (row * 31 + f * 17) % 97;
      values[start + f] = floats ? (value - 60) / 8 : value;
    }
  });
  return { count: labels.length, shape, values, labels: Uint16Array.from(labels) };
}
