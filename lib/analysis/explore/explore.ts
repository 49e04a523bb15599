import { key, permutation } from "../../tensor/random.ts";
import type { Dataset, Missing, Split, Splits } from "../../data/dataset.ts";
import { featureNames } from "../../data/encode/encode.ts";
import { countByClass } from "../../data/split/stratify.ts";
import { type Duplicates, findDuplicates } from "./duplicates.ts";
import {
  type ClassDifferences,
  classDifferences,
  type FeatureStatistics,
  featureStatistics,
  type ValueStatistics,
  valueStatistics,
} from "./features.ts";
import {
  copyFeatures,
  labelsOf,
  listSplits,
  type SplitName,
  type Values,
} from "../../data/split/samples.ts";
import { type Plane, projectOnPlane } from "./plane.ts";
import { defined } from "../../config/defined.ts";

export interface SplitStatistics extends ValueStatistics {
  readonly split: SplitName;
  readonly samples: number;
  readonly counts: readonly number[];
}

export interface Examples {
  readonly label: number;
  /** Their rows, in random order. */
  readonly rows: readonly number[];
  /** Their values [samples, features]. */
  readonly values: Values;
}

export interface Exploration {
  readonly dataset: string;
  /** A remark about the data set that readers need. */
  readonly note?: string;
  readonly classes: readonly string[];
  readonly columns?: readonly string[];
  readonly shape: readonly number[];
  readonly type: "8-bit" | "32-bit float";
  /** Treatment of missing values in a table; undefined if they are rejected. */
  readonly missing?: Missing;
  /** Statistics of each split, in the order of the pipeline. */
  readonly splits: readonly SplitStatistics[];
  readonly features: FeatureStatistics;
  readonly differences: ClassDifferences;
  /** Samples of the first classes of the training split. */
  readonly examples: readonly Examples[];
  readonly duplicates: Duplicates;
  /** A sample of each listed group of duplicates [features]. */
  readonly duplicated: readonly Values[];
  /** Samples of the training split on their first principal components. */
  readonly plane?: Plane;
}

/** Largest number of classes with samples and statistics. */
const MOST_CLASSES = 60;

/** Largest number of samples of a class. */
const MOST_EXAMPLES = 7;

const MOST_GROUPS = 12;

const PLANE = { mostSamples: 1500, mostFeatures: 800 };

/** Explores a data set and its splits. Random choices of samples are a pure function of the seed. */
export function explore(dataset: Dataset, splits: Splits, seed: number): Exploration {
  const { name, note, classes } = dataset;
  const { shape, values } = splits.train.samples;
  const columns = featureNames(dataset, splits);
  const features = featureStatistics(splits.train);
  const plane = projectOnPlane(splits.train, { ...PLANE, seed });
  const duplicates = findDuplicates(splits, MOST_GROUPS);
  return {
    dataset: name,
    classes,
    shape,
    features,
    duplicates,
    ...defined({ note, columns, missing: splits.train.samples.encoded?.missing }),
    type: values instanceof Uint8Array ? "8-bit" : "32-bit float",
    splits: listSplits(splits).map(([split, each]) => ({
      split,
      samples: each.rows.length,
      counts: countByClass(labelsOf(each), classes.length),
      ...valueStatistics(each === splits.train ? features : featureStatistics(each)),
    })),
    differences: classDifferences(splits.train, features, MOST_CLASSES),
    examples: examplesOf(splits.train, seed),
    duplicated: duplicates.listed.flatMap(([first]) => {
      const split = first && splits[first.split];
      return split === undefined ? [] : [copyFeatures(split, [first.row])];
    }),
    ...defined({ plane }),
  };
}

function examplesOf(split: Split, seed: number): readonly Examples[] {
  const labels = labelsOf(split);
  const present = [...new Set(labels)].sort((a, b) => a - b).slice(0, MOST_CLASSES);
  const drawn = new Map<number, number[]>(present.map((label) => [label, []]));
  for (const place of permutation(key(seed, "explore", "examples"), labels.length)) {
    const rows = drawn.get(labels[place]);
    if (rows !== undefined && rows.length < MOST_EXAMPLES) rows.push(split.rows[place]);
  }
  return [...drawn].map(([label, rows]) => ({ label, rows, values: copyFeatures(split, rows) }));
}
