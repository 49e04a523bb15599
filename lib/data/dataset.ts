/**
 * Samples, data sets and splits, which one stage of the pipeline passes to the next.
 *
 * Features are stored as in the files, with 8 bits per pixel for images. A {@link Normalization} converts
 * them to inputs of a network. A split is a list of row numbers and not a copy.
 *
 * @module
 */
import type { Preparation } from "./prepare/mod.ts";

/** Samples: a row of features and a label for each sample. */
export interface Samples {
  /** Number of samples. */
  readonly count: number;
  /** Shape of one sample, for example [28, 28]. The product of its lengths is the number of features. */
  readonly shape: readonly number[];
  /**
   * Features [count, features], row-major: 8-bit pixels or 32-bit floating-point numbers. Workers read
   * features in shared memory directly; others are copied to shared memory once.
   */
  readonly values: Uint8Array | Float32Array;
  /** Class of each sample [count], from 0 to the number of classes − 1. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /**
   * The preparation that the stage "prepare" has applied to these samples, if any, and the original
   * samples.
   */
  readonly prepared?: {
    readonly preparation: Preparation;
    /** The samples before the preparation. */
    readonly raw: Samples;
  };
  /**
   * Encoding by which these features were computed from the columns of a table. Absent if each column is
   * one feature.
   */
  readonly encoded?: TableEncoding;
}

/**
 * Treatment of missing values in a table: fill with the mean or median of the column, drop the row, or
 * throw an error ("refuse").
 */
export type Missing = "mean" | "median" | "drop" | "refuse";

/** A column of a table, and its encoding as features. */
export interface TableColumn {
  /** Name of the column, if the first line of the table contains names. */
  readonly name?: string;
  /** Index of the column in the rows of the table, from 0, counting all columns. */
  readonly index: number;
  /** Number that replaces missing values: the mean or median over the training split. */
  readonly fill?: number;
  /** Categories of the column. Each becomes a feature that is 1 or 0. Absent for a column of numbers. */
  readonly categories?: readonly string[];
}

/**
 * The encoding of a table's columns as features. Before the stage "split", the categories are all texts in
 * the table, and values are indices of categories. Afterwards, the categories are those in the training
 * split.
 */
export interface TableEncoding {
  /** Number of fields in a row of the table, including the label column. */
  readonly width: number;
  /** Index of the label column, from 0. */
  readonly label: number;
  /** Treatment of missing values. */
  readonly missing: Missing;
  /** Columns that are encoded as features, in the order of the table. */
  readonly columns: readonly TableColumn[];
}

/** A data set as it was loaded: names of the classes, training samples, and test samples if it has any. */
export interface Dataset {
  /** Name of the data set, as in the config. */
  readonly name: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Names of the features, if the files of the data set contain names, as tables may. */
  readonly columns?: readonly string[];
  /**
   * Columns of a table that the stage "split" will encode as features. Until then, missing values are NaN
   * and categories are indices. Absent if the features are complete.
   */
  readonly table?: TableEncoding;
  /**
   * Options that were determined from the files, such as the delimiter of a table. They hold where the
   * config leaves them open.
   */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Samples for training and validation. */
  readonly train: Samples;
  /** Samples for testing. */
  readonly test?: Samples;
  /**
   * Name of each file and SHA-256 of its decompressed content, in a fixed order. They are part of the id of
   * a run. The property may be a getter that computes the hashes, at half a second per gigabyte.
   */
  readonly hashes: readonly { readonly file: string; readonly sha256: string }[];
  /**
   * Absolute path of each file that the user supplied, by the name of the file in `hashes`. Paths are not
   * part of the id of a run.
   */
  readonly places?: Readonly<Record<string, string>>;
  /** Remark for readers of the report, for example that the test set is not MNIST's own. */
  readonly note?: string;
}

/** A training, validation or test split: a selection of samples. */
export interface Split {
  /** Samples from which the rows are selected. They may contain samples of other splits. */
  readonly samples: Samples;
  /** Row numbers in `samples` of the split's samples, in rising order. */
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** The splits of a data set. */
export interface Splits {
  /** Split on which the network is trained. */
  readonly train: Split;
  /** Split on which settings and checkpoints are compared, if there is one. */
  readonly validation?: Split;
  /** Split on which the final score is computed, if there is one. */
  readonly test?: Split;
}

/**
 * The normalization of features: y = (x − shift) · scale. It may also contain a reduction of the normalized
 * features.
 */
export interface Normalization {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** Number that is subtracted from each feature: one number for all, or [features]. */
  readonly shift: number | Float32Array<ArrayBuffer>;
  /** Factor by which each difference is multiplied: one number for all, or [features]. */
  readonly scale: number | Float32Array<ArrayBuffer>;
  /** Reduction of the normalized features to fewer components. Absent for none. */
  readonly reduction?: Reduction;
}

/**
 * The reduction of normalized features to fewer components: z = ((y − mean) C) ∘ scale.
 *
 * y [features], C [features, components]. z [components] replaces y as the input of the network.
 */
export interface Reduction {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** Mean of each normalized feature over the training split [features]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** Directions on which features are projected, as columns [features, components], row-major. */
  readonly components: Float32Array<ArrayBuffer>;
  /** Factor of each component [components]: 1, or with whitening the inverse of its standard deviation. */
  readonly scale: Float32Array<ArrayBuffer>;
  /**
   * Variance along every principal direction [features], in falling order, including the directions that
   * are left out.
   */
  readonly variances: Float64Array<ArrayBuffer>;
}
