/**
 * Samples, data sets and splits, which the stages of the pipeline pass on.
 *
 * Samples stay in their original bytes, 8 bits per pixel for images; a {@link Normalization} turns them
 * into inputs of a network. A split is a list of rows, not a copy.
 *
 * @module
 */
import type { Preparation } from "./prepare/mod.ts";

/** Samples: a row of features and a label for each. */
export interface Samples {
  /** Number of samples. */
  readonly count: number;
  /** Shape of one sample, for example [28, 28]. Its product is the number of features. */
  readonly shape: readonly number[];
  /**
   * Features, row-major [count, features]: 8-bit pixels or 32-bit floating point. Workers read them in
   * place if they are in shared memory; otherwise they are copied there once.
   */
  readonly values: Uint8Array | Float32Array;
  /** Class of each sample, 0 to classes − 1. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Preparation of the samples by the stage "prepare", and the samples before it. */
  readonly prepared?: {
    readonly preparation: Preparation;
    /** The samples as they were loaded. */
    readonly raw: Samples;
  };
  /** Encoding of table columns as features. Defaults to one feature per column. */
  readonly encoded?: TableEncoding;
}

/** Treatment of missing values: fill with mean or median, drop the row, or refuse with an error. */
export type Missing = "mean" | "median" | "drop" | "refuse";

/** A column of a table that is encoded as features. */
export interface TableColumn {
  /** Name in the first line, if the table names its columns. */
  readonly name?: string;
  /** Index in the table, from 0. */
  readonly index: number;
  /** Number that replaces missing ones, fitted on the training split. */
  readonly fill?: number;
  /** Categories, each of which becomes a feature that is 1 or 0. Absent for columns of numbers. */
  readonly categories?: readonly string[];
}

/**
 * The encoding of table columns as features. Before the split, the categories are all of the table and
 * values are their codes; after it, the categories are those of the training split.
 */
export interface TableEncoding {
  /** Number of fields in a row of the table, including the label. */
  readonly width: number;
  /** Index of the label column. */
  readonly label: number;
  /** Treatment of missing values. */
  readonly missing: Missing;
  /** Encoded columns, in the order of the table. */
  readonly columns: readonly TableColumn[];
}

/** Data as it was loaded: named classes, training samples, and test samples where there are any. */
export interface Dataset {
  /** Name of the data set, as in the config. */
  readonly name: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Names of the features, if the data has them, as tables do. */
  readonly columns?: readonly string[];
  /** Columns of a table that are encoded after the split. Until then, missing values are NaN. */
  readonly table?: TableEncoding;
  /** Options that the config leaves open, as detected from the data. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Samples for training and validation. */
  readonly train: Samples;
  /** Samples for testing. */
  readonly test?: Samples;
  /**
   * SHA-256 of the files' content in a fixed order, part of a run's id. May be a lazy getter, which takes
   * half a second per gigabyte.
   */
  readonly hashes: readonly { readonly file: string; readonly sha256: string }[];
  /** Absolute paths of the user's files, by name; not part of a run's id. */
  readonly places?: Readonly<Record<string, string>>;
  /** Remark for readers of the report, for example that the test set is not MNIST's own. */
  readonly note?: string;
}

/** A training, validation or test split: some rows of some samples. */
export interface Split {
  /** Samples that the split refers to. */
  readonly samples: Samples;
  /** Rows of `samples` that belong to the split, in rising order. */
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** The splits of a data set. */
export interface Splits {
  /** Samples to fit the network on. */
  readonly train: Split;
  /** Samples to choose settings by. */
  readonly validation?: Split;
  /** Samples for the final score. */
  readonly test?: Split;
}

/**
 * The normalization of features: y = (x − shift) · scale.
 *
 * A number applies to all features; an array has one number for each.
 */
export interface Normalization {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** Subtracted from the features: a number or [features]. */
  readonly shift: number | Float32Array<ArrayBuffer>;
  /** Factor of the differences: a number or [features]. */
  readonly scale: number | Float32Array<ArrayBuffer>;
  /** Reduction of the normalized features. Defaults to none. */
  readonly reduction?: Reduction;
}

/**
 * The reduction of normalized features to fewer ones: z = ((y − mean) C) ∘ scale.
 *
 * y [features], C [features, components]. z [components] replaces y as input of the network.
 */
export interface Reduction {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** Mean of each normalized feature over the training split [features]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** Directions of projection, as columns: row-major [features, components]. */
  readonly components: Float32Array<ArrayBuffer>;
  /** Factor of each projection: 1, or the inverse of its deviation for whitening [components]. */
  readonly scale: Float32Array<ArrayBuffer>;
  /** Variance along every direction, kept or not, in falling order [features]. */
  readonly variances: Float64Array<ArrayBuffer>;
}
