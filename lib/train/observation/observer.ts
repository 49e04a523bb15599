/**
 * Observers record additional values of data, training and evaluation for reports. Training and evaluation
 * receive a list of observers and know none of them by name; a run without observers has no extra work.
 *
 * @module
 */
import type { Dataset, Split, Splits } from "../../data/dataset.ts";
import type { NamedSplit } from "../../data/split/samples.ts";
import type { Network, Tensors } from "../../nn/mod.ts";
import type { Observations, StoredValue } from "../../run/observations.ts";
import type { ParameterValue } from "../state.ts";
import type { ObservedPass } from "./step.ts";

/**
 * An observer: its name, the fields of its value, and one or more functions that compute the value. Each
 * function returns the value to store, which replaces the one stored before, or undefined to leave it as it is.
 */
export interface Observer<Value = unknown> extends StoredValue<Value> {
  /**
   * Whether the observer runs only if the config names the report panel of the same name. Defaults to false.
   */
  readonly onRequest?: boolean;
  /** Observes the data before training. */
  data?(dataset: Dataset, splits: Splits): Value | undefined;
  /** Observes the network during training. */
  readonly training?: TrainingObserver<Value>;
  /** Observes the network after training; `before` is the value that was stored during training. */
  trained?(network: ObservedNetwork, before: Value | undefined): Value | undefined;
  /** Observes the network during evaluation. */
  readonly evaluation?: EvaluationObserver<Value>;
}

/** An observer of the network during training. Checkpoints store its value. */
export interface TrainingObserver<Value> {
  /**
   * Returns whether to observe the network at a moment of training. A resumed training may observe the same
   * moment a second time.
   */
  isDue(moment: TrainingMoment): boolean;
  /** Expression to compute on fixed samples, whenever the network is observed. */
  readonly pass?: {
    /**
     * Chooses samples of the training split `split` or of another data set, with features that are not
     * normalized yet; undefined if there is nothing to observe in this training. `seed` is that of the run.
     */
    samples(split: Split, seed: number): Split | undefined;
    /** Builds the outputs by name, from the tensors of a forward and backward pass on these samples. */
    outputs(pass: ObservedPass): Tensors;
  };
  /** Returns the value to store, which replaces `before`; if undefined, `before` remains stored. */
  observe(snapshot: Snapshot, before: Value | undefined): Value | undefined;
}

/** An observer of an evaluation. It computes an expression on some samples. */
export interface EvaluationObserver<Value> {
  /**
   * Chooses samples of one of the evaluated splits, or other samples under the name of one of these splits,
   * with features that are not normalized yet; undefined if there is nothing to observe.
   *
   * @param before values that observers stored during training
   */
  samples(
    network: Network,
    splits: readonly NamedSplit[],
    before: Observations,
  ): NamedSplit | undefined;
  /** Builds the outputs by name, from the tensors of a forward and backward pass on these samples. */
  outputs(pass: ObservedPass): Tensors;
  /** Returns the value to store; undefined to store none. */
  observe(evaluated: ObservedEvaluation): Value | undefined;
}

/** A moment of a training: before its first step, between two steps, or after its last one. */
export interface TrainingMoment {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Number of steps taken since the start of training. */
  readonly step: number;
  /** Total number of epochs. */
  readonly epochs: number;
  /** Whether an epoch ends at the moment; also true before the first step. */
  readonly isEpochEnd: boolean;
  /** Whether training ends at the moment, after its last step or by early stopping. */
  readonly isEnd: boolean;
}

/** A network and its parameters at the time of an observation. */
export interface ObservedNetwork {
  /** The network. */
  readonly network: Network;
  /** Parameters and layer states by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/**
 * A function that returns the output `name` of an observer's expression. The array is valid until the next
 * step.
 */
export type OutputOf = (name: string) => Float32Array;

/** The network at a moment of training, with the outputs of an observer's expression. */
export interface Snapshot extends ObservedNetwork {
  /** The moment. */
  readonly moment: TrainingMoment;
  /** The training split. */
  readonly train: Split;
  /** Number of samples on which the expression was computed; 0 if there is none. */
  readonly samples: number;
  /** Outputs of the expression. */
  readonly output: OutputOf;
}

/**
 * The samples that an observer chose, the network, and the outputs of the observer's expression on these
 * samples.
 */
export interface ObservedEvaluation extends NamedSplit {
  /** Values that observers stored during training. */
  readonly before: Observations;
  /** The network. */
  readonly network: Network;
  /** Outputs of the expression. */
  readonly output: OutputOf;
}
