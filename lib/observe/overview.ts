/**
 * Observes the data: the number of samples of each class, the mean of each class, and some training samples.
 *
 * @module
 */
import { z } from "zod";
import type { Split, Splits } from "../data/dataset.ts";
import { featureNames } from "../data/encode/encode.ts";
import { featureMeans } from "../data/normalize/statistics.ts";
import {
  copyFeatures,
  featureCount,
  labelsOf,
  listSplits,
  pickEvenlySpaced,
  type SplitName,
  SPLITS,
  unpreparedSplit,
  type Values,
} from "../data/split/samples.ts";
import { countByClass } from "../data/split/stratify.ts";
import { defined } from "../config/defined.ts";
import {
  type Field,
  fieldGroup,
  jsonField,
  optionalField,
  tensorField,
  withConversion,
} from "../run/codec/fields.ts";
import { throwReadError } from "../run/json.ts";
import { sizeOf } from "../tensor/mod.ts";
import type { Observer } from "../train/observation/observer.ts";

/** Numbers of a split's samples by class. */
interface ClassCounts {
  /** Name of the split. */
  readonly split: SplitName;
  /** Number of samples of each class [classes]. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** Some samples with their labels. */
interface LabelledSamples {
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Class of each sample. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Features [samples, …shape]. */
  readonly values: Values;
}

/**
 * An overview of a data set: class counts, class means and some samples, with features as they were loaded.
 */
export interface DataOverview {
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Names of the features, if they have names. */
  readonly columns?: readonly string[];
  /** Class counts of each split, in the order train, validation, test. */
  readonly splits: readonly ClassCounts[];
  /**
   * Mean features of training samples of each class [classes, …shape]; 0 for a class without training
   * samples. Empty if one mean for each class would exceed 200,000 numbers.
   */
  readonly means: Float32Array<ArrayBuffer>;
  /** Number of samples over which the mean of each class is computed [classes]; 0 without means. */
  readonly averaged: Uint32Array<ArrayBuffer>;
  /** Some training samples of each class, sorted by class. */
  readonly samples: LabelledSamples;
}

/** Fields in which the class counts of a split are stored; missing if there is no such split. */
const COUNTS = optionalField(fieldGroup({
  counts: tensorField("U32", ["classes"], "samples of each class in the split"),
}));

/** Fields in which some samples are stored. */
const SAMPLES = fieldGroup({
  rows: tensorField("U32", ["samples"], "rows of some training samples of each class"),
  labels: tensorField("U16", ["samples"], "classes of these"),
  values: tensorField(["U8", "F32"], ["samples", "...shape"], "features of these"),
});

/** Fields in which an overview is stored. */
const fields: Field<DataOverview> = withConversion(
  fieldGroup(
    {
      averaged: tensorField("U32", ["classes"], "numbers of samples that the means are of"),
      means: tensorField(
        "F32",
        ["means", "...shape"],
        "mean of some training samples of each class; of no class where there is no room",
      ),
      samples: SAMPLES,
      train: COUNTS,
      validation: COUNTS,
      test: COUNTS,
    },
    jsonField(
      z.strictObject({
        splits: z.array(z.enum(SPLITS)),
        shape: z.array(z.int().min(1)),
        columns: z.array(z.string()).exactOptional(),
      }),
      "splits, shape of a sample, and names of the features if they have names",
      { former: { splits: "parts" } },
    ),
  ),
  {
    encode: ({ splits, ...others }) => ({
      ...others,
      splits: splits.map(({ split }) => split),
      ...Object.fromEntries(splits.map(({ split, counts }) => [split, { counts }])),
    }),
    decode({ splits, train, validation, test, ...others }, { source }) {
      const { averaged, means, shape } = others;
      if (![0, averaged.length * sizeOf(shape)].includes(means.length)) {
        throwReadError(
          source,
          `a mean of each of ${averaged.length} classes or of none`,
          means.length,
        );
      }
      const found = { train, validation, test };
      return {
        ...others,
        splits: splits.map((split) => ({
          split,
          counts: found[split]?.counts ??
            throwReadError(source, `tensor "data.${split}.counts"`, "none"),
        })),
      };
    },
  },
);

/** Observer of the data: stores an overview of it. */
export const overview: Observer<DataOverview> = {
  name: "data",
  fields,
  data: (dataset, splits) =>
    computeOverview(splits, dataset.classes.length, featureNames(dataset, splits)),
};

/**
 * Largest number of samples in the mean of a class. The mean of all samples would take as long as an epoch.
 */
const AVERAGED = 250;

/** Largest number of samples of a class that are stored. */
const SHOWN = 8;

/** Largest number of feature values in all stored samples together, and likewise in all means together. */
const MOST_FEATURES = 200_000;

/**
 * Computes the overview of a data set from its splits. The stored samples of a class, and the samples of its
 * mean, are evenly spaced over the rows of the class. Means are summed in double precision, in the order of
 * the rows. If one sample for each class would exceed 200,000 numbers, neither means nor samples are stored.
 *
 * @param classes number of classes
 * @param columns names of the features
 */
export function computeOverview(
  splits: Splits,
  classes: number,
  columns?: readonly string[],
): DataOverview {
  const raw = unpreparedSplit(splits.train);
  const features = featureCount(raw);
  const room = Math.floor(MOST_FEATURES / (features * classes));
  const byClass = rowsByClass(raw, classes);
  return {
    shape: raw.samples.shape,
    ...defined({ columns }),
    splits: listSplits(splits).map(([split, each]) => ({
      split,
      counts: countSplitClasses(each, classes),
    })),
    ...(room === 0
      ? { means: new Float32Array(), averaged: new Uint32Array(classes) }
      : classMeans(raw, byClass, features)),
    samples: labelledSamples(
      raw,
      byClass.flatMap((rows) => [...pickEvenlySpaced(rows, Math.min(SHOWN, room))]),
    ),
  };
}

/** Returns the number of samples of each class in a split. */
function countSplitClasses(split: Split, classes: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(countByClass(labelsOf(split), classes));
}

/** Returns the row numbers of a split's samples of each class, in the order of the split's rows. */
function rowsByClass(split: Split, classes: number): readonly Uint32Array<ArrayBuffer>[] {
  const { samples: { labels }, rows } = split;
  const found = Array.from(countSplitClasses(split, classes), (count) => new Uint32Array(count));
  const filled = new Uint32Array(classes);
  for (const row of rows) {
    const label = labels[row];
    const index = filled[label];
    (found[label] as Uint32Array)[index] = row;
    filled[label] = index + 1;
  }
  return found;
}

/**
 * Computes the mean features of each class over at most 250 of its samples.
 *
 * @param rowsOfClasses row numbers of the samples of each class
 */
function classMeans(
  { samples }: Split,
  rowsOfClasses: readonly Uint32Array[],
  featureCount: number,
): Pick<DataOverview, "means" | "averaged"> {
  const all = new Float32Array(rowsOfClasses.length * featureCount);
  const averaged = rowsOfClasses.map((rows, label) => {
    const some = pickEvenlySpaced(rows, AVERAGED);
    if (some.length > 0) all.set(featureMeans({ samples, rows: some }), label * featureCount);
    return some.length;
  });
  return { means: all, averaged: Uint32Array.from(averaged) };
}

/** Returns features and labels of the samples with the row numbers `rows`. */
function labelledSamples(split: Split, rows: readonly number[]): LabelledSamples {
  return {
    rows: Uint32Array.from(rows),
    labels: labelsOf({ ...split, rows: Uint32Array.from(rows) }),
    values: copyFeatures(split, rows),
  };
}
