/**
 * What is looked at besides results, for those who look at a report: the data, and the network on the way.
 *
 * @module
 */
import type { DataOverview } from "../observe/overview.ts";
import type { Distributions } from "./distributions.ts";
import type { SplitName } from "../data/parts.ts";

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
  readonly part: SplitName;
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
