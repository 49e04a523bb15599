/**
 * What is looked at besides results, for those who look at a report: the data, and the network on the way.
 *
 * @module
 */
import type { Distributions } from "./distributions.ts";
import type { PartName } from "./record.ts";

/** Weights into the first units of a layer. */
export interface UnitWeights {
  /** Name of the parameter, "dense1.weight". */
  readonly parameter: string;
  /** Units that the layer has; of maxout, pieces of units. */
  readonly units: number;
  /** Weights into each. */
  readonly inputs: number;
  /** Units whose weights are here, the first ones. */
  readonly shown: number;
  /** The weights, a row for each unit [shown, inputs]. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** What was looked at of a training until some step. */
export interface Looked {
  /** Activations, parameters and gradients at some ends of epochs. */
  readonly distributions: Distributions;
  /** Weights of the first layer before the first step, if the training was looked at then. */
  readonly first?: UnitWeights;
}

/** Weights of the first layer before and after training. */
export interface FirstLayer extends Omit<UnitWeights, "weights"> {
  /** Before the first step [shown, inputs]; not of a run that goes on from one that did not keep them. */
  readonly before?: Float32Array<ArrayBuffer>;
  /** Of the network that training gave [shown, inputs]. */
  readonly after: Float32Array<ArrayBuffer>;
}

/** A two-dimensional view of the last hidden layer. */
export interface Embedding {
  /** The part that the samples belong to. */
  readonly part: PartName;
  /** The layer whose output is shown, "relu1". */
  readonly layer: string;
  /** Its units. */
  readonly units: number;
  /** Row of each sample in the file it came from. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** True class of each sample. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Each sample on the two directions of largest variance [samples, 2], from their mean. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Variance along the two directions. */
  readonly variances: readonly [number, number];
  /** Variance in all directions together. */
  readonly variance: number;
}

/** What there is of each class in a part. */
export interface ClassCounts {
  /** The part. */
  readonly part: PartName;
  /** Samples of each class [classes]. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** The data at a glance; features as loaded. */
export interface DataOverview {
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** The parts in the order train, validation, test. */
  readonly parts: readonly ClassCounts[];
  /** Mean of training samples of each class [classes, …shape]; 0 of a class that has none. */
  readonly means: Float32Array<ArrayBuffer>;
  /** Of how many samples each of these is the mean [classes]. */
  readonly averaged: Uint32Array<ArrayBuffer>;
  /** Some training samples of each class, class after class. */
  readonly samples: {
    /** Row of each in the file it came from. */
    readonly rows: Uint32Array<ArrayBuffer>;
    /** Class of each. */
    readonly labels: Uint16Array<ArrayBuffer>;
    /** Features [samples, …shape]. */
    readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  };
}

/** What was looked at, as far as there was anything to look at. */
export interface Observations {
  /** Activations, parameters and gradients at some ends of epochs. */
  readonly distributions?: Distributions;
  /** Weights of the first layer. */
  readonly first?: FirstLayer;
  /** The last hidden layer. */
  readonly embedding?: Embedding;
  /** The data. */
  readonly data?: DataOverview;
}
