/**
 * Observes the data: the number of samples of each class, their means, and some of them.
 *
 * @module
 */
import { z } from "zod";
import type { Split, Splits } from "../data/dataset.ts";
import { featureNames } from "../data/encode/encode.ts";
import { means } from "../data/normalize/statistics.ts";
import {
  copyFeatures,
  evenlySpaced,
  featureCount,
  labelsOf,
  listSplits,
  rawSplit,
  type SplitName,
  SPLITS,
  type Values,
} from "../data/split/samples.ts";
import { countByClass } from "../data/split/stratify.ts";
import { defined } from "../config/defined.ts";
import { converted, type Field, group, json, optional, tensor } from "../run/codec/fields.ts";
import { throwReadError } from "../run/json.ts";
import { sizeOf } from "../tensor/mod.ts";
import type { Observer } from "../train/observation/observer.ts";

interface ClassCounts {
  readonly split: SplitName;
  /** Number of samples of each class [classes]. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

interface LabelledSamples {
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Features [samples, …shape]. */
  readonly values: Values;
}

/** An overview of the data, with features as loaded. */
export interface DataOverview {
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  readonly columns?: readonly string[];
  /** The splits in the order train, validation, test. */
  readonly splits: readonly ClassCounts[];
  /**
   * Mean of training samples of each class [classes, …shape], 0 for a class without samples; empty if the
   * means of all classes do not fit.
   */
  readonly means: Float32Array<ArrayBuffer>;
  /** Number of samples of each mean [classes]. */
  readonly averaged: Uint32Array<ArrayBuffer>;
  /** Some training samples of each class, class after class. */
  readonly samples: LabelledSamples;
}

const COUNTS = optional(group({
  counts: tensor("U32", ["classes"], "samples of each class in the split"),
}));

const SAMPLES = group({
  rows: tensor("U32", ["samples"], "rows of some training samples of each class"),
  labels: tensor("U16", ["samples"], "classes of these"),
  values: tensor(["U8", "F32"], ["samples", "...shape"], "features of these"),
});

const fields: Field<DataOverview> = converted(
  group(
    {
      averaged: tensor("U32", ["classes"], "numbers of samples that the means are of"),
      means: tensor(
        "F32",
        ["means", "...shape"],
        "mean of some training samples of each class; of no class where there is no room",
      ),
      samples: SAMPLES,
      train: COUNTS,
      validation: COUNTS,
      test: COUNTS,
    },
    json(
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

export const overview: Observer<DataOverview> = {
  name: "data",
  fields,
  data: (dataset, splits) =>
    overviewOf(splits, dataset.classes.length, featureNames(dataset, splits)),
};

/** Largest number of averaged samples of a class; averaging all would take as long as an epoch. */
const AVERAGED = 250;

/** Largest number of shown samples of a class. */
const SHOWN = 8;

/** Largest number of features of all shown samples together, and of all means. */
const MOST_FEATURES = 200_000;

/**
 * Computes the overview of some splits. Samples of a class are evenly spaced over its rows. Means are summed in
 * double precision, in the order of the rows. If one sample of each class does not fit, there are neither
 * means nor samples.
 */
export function overviewOf(
  splits: Splits,
  classes: number,
  columns?: readonly string[],
): DataOverview {
  const raw = rawSplit(splits.train);
  const features = featureCount(raw);
  const room = Math.floor(MOST_FEATURES / (features * classes));
  const byClass = rowsByClass(raw, classes);
  return {
    shape: raw.samples.shape,
    ...defined({ columns }),
    splits: listSplits(splits).map(([split, each]) => ({ split, counts: countsOf(each, classes) })),
    ...(room === 0
      ? { means: new Float32Array(), averaged: new Uint32Array(classes) }
      : meansOf(raw, byClass, features)),
    samples: samplesOf(
      raw,
      byClass.flatMap((rows) => [...evenlySpaced(rows, Math.min(SHOWN, room))]),
    ),
  };
}

function countsOf(split: Split, classes: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(countByClass(labelsOf(split), classes));
}

/** Returns the rows of each class, in rising order. */
function rowsByClass(split: Split, classes: number): readonly Uint32Array<ArrayBuffer>[] {
  const { samples: { labels }, rows } = split;
  const found = Array.from(countsOf(split, classes), (count) => new Uint32Array(count));
  const taken = new Uint32Array(classes);
  for (const row of rows) {
    const label = labels[row];
    const place = taken[label];
    (found[label] as Uint32Array)[place] = row;
    taken[label] = place + 1;
  }
  return found;
}

function meansOf(
  { samples }: Split,
  byClass: readonly Uint32Array[],
  features: number,
): Pick<DataOverview, "means" | "averaged"> {
  const all = new Float32Array(byClass.length * features);
  const averaged = byClass.map((rows, label) => {
    const some = evenlySpaced(rows, AVERAGED);
    if (some.length > 0) all.set(means({ samples, rows: some }), label * features);
    return some.length;
  });
  return { means: all, averaged: Uint32Array.from(averaged) };
}

function samplesOf(split: Split, rows: readonly number[]): LabelledSamples {
  return {
    rows: Uint32Array.from(rows),
    labels: labelsOf({ ...split, rows: Uint32Array.from(rows) }),
    values: copyFeatures(split, rows),
  };
}
