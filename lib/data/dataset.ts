/**
 * What the stages of the pipeline hand on: samples, data sets, their splits.
 *
 * Samples stay in the bytes they came in (8 bits a pixel for images); what a byte means to the
 * network is said by a {@link Normalization}. A split is a list of rows, never a copy.
 *
 * @module
 */
import type { Preparation } from "./prepare/mod.ts";

/** Samples of one kind: a row of features and a label each. */
export interface Samples {
  /** Number of samples. */
  readonly count: number;
  /** Shape of one sample, for example [28, 28]; its product is the number of features. */
  readonly shape: readonly number[];
  /**
   * Features, row-major [count, features]: 8-bit as images come, or 32-bit floating point. In shared
   * memory they are read where they are by all workers; else they are copied there once.
   */
  readonly values: Uint8Array | Float32Array;
  /** Class of each sample, 0 to classes − 1. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** What they were made of and by what, if not as they were loaded; see the stage "prepare". */
  readonly prepared?: {
    readonly preparation: Preparation;
    /** The samples as they were loaded. */
    readonly raw: Samples;
  };
  /** How the features were made of the columns of a table, if they are not the columns themselves. */
  readonly encoded?: TableEncoding;
}

/** How a number stands in for a missing one: none does where rows are left out, or refused. */
export type Missing = "mean" | "median" | "drop" | "refuse";

/** A column of a table from which features are made. */
export interface TableColumn {
  /** Its name in the first line, if that has names. */
  readonly name?: string;
  /** Its index in the table, from 0. */
  readonly index: number;
  /** The number in place of a missing one, fitted on the training split. */
  readonly fill?: number;
  /** The categories, each of which becomes a feature that is 1 or 0; none if the column has numbers. */
  readonly categories?: readonly string[];
}

/**
 * How features are made of the columns of a table. Before the split, categories are all that the table
 * has and their codes are the values; after it, those of the training split.
 */
export interface TableEncoding {
  /** Number of fields of a row of the table, with that of the label. */
  readonly width: number;
  /** Index of the column of labels. */
  readonly label: number;
  /** What is done where a value is missing. */
  readonly missing: Missing;
  /** The columns, in the order of the table. */
  readonly columns: readonly TableColumn[];
}

/** Data as it was loaded: named classes, samples to learn from and, where they exist, to test on. */
export interface Dataset {
  /** Name of the data set, as in the config. */
  readonly name: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Names of the features, where the data has them: the columns of a table. */
  readonly columns?: readonly string[];
  /** The columns of a table whose features are made when it is split: values are NaN where missing. */
  readonly table?: TableEncoding;
  /** Options that the config left to the data, as they were found. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Samples to learn from, and to validate on. */
  readonly train: Samples;
  /** Samples to test on. */
  readonly test?: Samples;
  /**
   * SHA-256 of the content, in a fixed order; part of a run's identity. May be computed only when it
   * is asked for, which takes half a second a gigabyte.
   */
  readonly hashes: readonly { readonly file: string; readonly sha256: string }[];
  /** Absolute paths of files of the user's that it was read from, by their names; no part of identity. */
  readonly places?: Readonly<Record<string, string>>;
  /** What a reader of the report must know, for example that the test set is not MNIST's own. */
  readonly note?: string;
}

/** Some rows of some samples: a training, validation or test split. */
export interface Split {
  /** The samples of which the split is made. */
  readonly samples: Samples;
  /** Rows of `samples` that belong to the split, in rising order. */
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** A data set cut into splits. */
export interface Splits {
  /** To learn from. */
  readonly train: Split;
  /** To choose settings by. */
  readonly validation?: Split;
  /** To report on. */
  readonly test?: Split;
}

/**
 * What is done to each feature before the network sees it: y = (x − shift) · scale.
 *
 * One number stands for all features; an array has one number for each.
 */
export interface Normalization {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** What is taken away: a number or [features]. */
  readonly shift: number | Float32Array<ArrayBuffer>;
  /** What the difference is multiplied by: a number or [features]. */
  readonly scale: number | Float32Array<ArrayBuffer>;
  /** What is done to all normalized features together after that; nothing if not given. */
  readonly reduction?: Reduction;
}

/**
 * Fewer features made of all normalized ones: z = ((y − mean) C) ∘ scale.
 *
 * y [features], C [features, components], z [components]: what the network sees in place of y.
 */
export interface Reduction {
  /** Name of the method, as in the config. */
  readonly name: string;
  /** Mean of each normalized feature over the training split [features]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** The directions that features are projected on, as columns: row-major [features, components]. */
  readonly components: Float32Array<ArrayBuffer>;
  /** What each projection is multiplied by: 1, or 1 ÷ its deviation if it is whitened [components]. */
  readonly scale: Float32Array<ArrayBuffer>;
  /** Variance along every direction that there is, kept or not, falling [features]. */
  readonly variances: Float64Array<ArrayBuffer>;
}
