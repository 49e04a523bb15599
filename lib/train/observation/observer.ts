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
 * returns the value to store, or undefined to store none.
 */
export interface Observer<Value = unknown> extends StoredValue<Value> {
  /** Whether it observes only runs whose config names the report panel of its name. Defaults to false. */
  readonly onRequest?: boolean;
  /** Observes the data before training. */
  data?(dataset: Dataset, splits: Splits): Value | undefined;
  /** Observes the network during training. */
  readonly training?: TrainingObserver<Value>;
  /** Observes the network after training; `before` is the value stored during training. */
  trained?(network: ObservedNetwork, before: Value | undefined): Value | undefined;
  /** Observes the network during evaluation. */
  readonly evaluation?: EvaluationObserver<Value>;
}

/** An observer of checkpoints, in which its value is stored. */
export interface TrainingObserver<Value> {
  /**
   * Returns whether to observe the network at this moment. A resumed training may observe one moment a
   * second time.
   */
  isDue(moment: TrainingMoment): boolean;
  /** An expression to compute at such a moment, on fixed samples. */
  readonly pass?: {
    /**
     * Returns samples of the training split, or samples of the observer's own, with features that
     * are not normalized yet; undefined if there is nothing to observe in this training.
     */
    samples(split: Split, seed: number): Split | undefined;
    /** Returns the outputs by name. */
    outputs(pass: ObservedPass): Tensors;
  };
  /** Returns the value to store, which replaces `before`. */
  observe(snapshot: Snapshot, before: Value | undefined): Value | undefined;
}

/** An observer of an evaluation, by an expression computed on some of its samples. */
export interface EvaluationObserver<Value> {
  /**
   * Returns samples of one of the evaluated splits, or samples of the observer's own under its name, with
   * features that are not normalized yet; undefined if there is nothing to observe.
   *
   * @param before values that observers have stored of the training
   */
  samples(
    network: Network,
    splits: readonly NamedSplit[],
    before: Observations,
  ): NamedSplit | undefined;
  /** Returns the outputs by name. */
  outputs(pass: ObservedPass): Tensors;
  /** Returns the value to store. */
  observe(evaluated: ObservedEvaluation): Value | undefined;
}

/** A moment of a training: before its first step, between two steps, or after its last one. */
export interface TrainingMoment {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start. */
  readonly step: number;
  /** Total number of epochs. */
  readonly epochs: number;
  /** Whether the moment lies between epochs; true before the first step. */
  readonly isEpochEnd: boolean;
  /** Whether training ends here, by its length or by early stopping. */
  readonly isEnd: boolean;
}

/** A network with its parameters. */
export interface ObservedNetwork {
  /** The network. */
  readonly network: Network;
  /** Parameters and layer states by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** A function that returns an output of an observer's expression by its name; valid until the next step. */
export type OutputOf = (name: string) => Float32Array;

/** The network at a moment of its training, with the outputs of an observer's expression. */
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

/** The samples that an observer chose, with the network and the outputs of the observer's expression. */
export interface ObservedEvaluation extends NamedSplit {
  /** Values that observers have stored of the training. */
  readonly before: Observations;
  /** The network. */
  readonly network: Network;
  /** Outputs of the expression. */
  readonly output: OutputOf;
}
