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

/** Number of samples, class counts and statistics of values of a split. */
export interface SplitStatistics extends ValueStatistics {
  readonly split: SplitName;
  /** Number of samples. */
  readonly samples: number;
  /** Number of samples of each class [classes]. */
  readonly counts: readonly number[];
}

/** Random training samples of one class. */
export interface Examples {
  /** Index of the class. */
  readonly label: number;
  /** Rows of the samples in the file of the split, in random order. */
  readonly rows: readonly number[];
  /** Values of the samples [samples, features]. */
  readonly values: Values;
}

/** Statistics, samples, duplicates and principal components of a data set. */
export interface Exploration {
  /** Name of the data set. */
  readonly dataset: string;
  /** Remark of the data set that readers of results need. */
  readonly note?: string;
  readonly classes: readonly string[];
  /** Names of the features; undefined if they have none. */
  readonly columns?: readonly string[];
  readonly shape: readonly number[];
  /** Type of the stored values. */
  readonly type: "8-bit" | "32-bit float";
  /** Treatment of missing values in a table; undefined if they are rejected. */
  readonly missing?: Missing;
  /** Statistics of each split, in the order of the pipeline. */
  readonly splits: readonly SplitStatistics[];
  /** Statistics of each feature over the training split. */
  readonly features: FeatureStatistics;
  /** Differences between the classes of the training split in each feature. */
  readonly differences: ClassDifferences;
  /**
   * At most {@linkcode MOST_EXAMPLES} random training samples of each class that has some, for the first {@linkcode
   * MOST_CLASSES} such classes.
   */
  readonly examples: readonly Examples[];
  readonly duplicates: Duplicates;
  /** Features of the first sample of each group of {@linkcode Duplicates.listed}, in the same order [features]. */
  readonly duplicated: readonly Values[];
  /**
   * Training samples in the plane of their first two principal components; undefined if there is none: see
   * {@linkcode projectOnPlane}.
   */
  readonly plane?: Plane;
}

/** Largest number of classes for which samples and statistics are kept. */
const MOST_CLASSES = 60;

/** Largest number of random samples of each class. */
const MOST_EXAMPLES = 7;

/** Largest number of groups of equal samples that are listed. */
const MOST_GROUPS = 12;

/** Largest numbers of samples and features from which principal components are computed. */
const PLANE = { mostSamples: 1500, mostFeatures: 800 };

/** Explores a data set and its splits. The choice of random samples is a function of the seed. */
export function exploreDataset(dataset: Dataset, splits: Splits, seed: number): Exploration {
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
    examples: chooseExamples(splits.train, seed),
    duplicated: duplicates.listed.flatMap(([first]) => {
      const split = first && splits[first.split];
      return split === undefined ? [] : [copyFeatures(split, [first.row])];
    }),
    ...defined({ plane }),
  };
}

/** Chooses random samples of each class, as {@linkcode Exploration.examples} describes. */
function chooseExamples(split: Split, seed: number): readonly Examples[] {
  const labels = labelsOf(split);
  const present = [...new Set(labels)].sort((a, b) => a - b).slice(0, MOST_CLASSES);
  const drawn = new Map<number, number[]>(present.map((label) => [label, []]));
  for (const place of permutation(key(seed, "explore", "examples"), labels.length)) {
    const rows = drawn.get(labels[place]);
    if (rows !== undefined && rows.length < MOST_EXAMPLES) rows.push(split.rows[place]);
  }
  return [...drawn].map(([label, rows]) => ({ label, rows, values: copyFeatures(split, rows) }));
}
