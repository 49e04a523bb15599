/**
 * Observers: what is recorded of data, training and evaluation besides results, for reports. Training
 * and evaluation take a list of observers and know none by name; a run without observers does nothing
 * for them.
 *
 * @module
 */
import type { Dataset, Split, Splits } from "../../data/dataset.ts";
import type { NamedSplit } from "../../data/split/samples.ts";
import type { Network, Tensors } from "../../nn/mod.ts";
import type { StoredValue } from "../../run/observations.ts";
import type { ParameterValue } from "../state.ts";
import type { ObservedPass } from "./step.ts";

/** One entry: its name, the fields of the value that it stores, and what it observes to get the value. */
export interface Observer<Value = unknown> extends StoredValue<Value> {
  /** Observes the data. */
  data?(dataset: Dataset, splits: Splits): Value | undefined;
  /** Observes the network while it is trained. */
  readonly training?: TrainingObserver<Value>;
  /** Observes the network that training has given; `before` is the value that is stored until then. */
  trained?(network: ObservedNetwork, before: Value | undefined): Value | undefined;
  /** Observes the network while it is evaluated. */
  readonly evaluation?: EvaluationObserver<Value>;
}

/** Observes the network while it is trained, at checkpoints: its value is part of them. */
export interface TrainingObserver<Value> {
  /** Whether a checkpoint is observed; a training that goes on may come to one a second time. */
  isDue(moment: TrainingMoment): boolean;
  /** An expression that is computed then on fixed samples of the training split. */
  readonly pass?: {
    rows(split: Split, seed: number): Split["rows"];
    outputs(pass: ObservedPass): Tensors;
  };
  /** Returns the value to store, given the one that is stored until then. */
  observe(snapshot: Snapshot, before: Value | undefined): Value | undefined;
}

/** Observes the network while it is evaluated, by an expression computed on some samples. */
export interface EvaluationObserver<Value> {
  /** Chooses samples of one of the evaluated splits; undefined if there is nothing to observe. */
  samples(network: Network, splits: readonly NamedSplit[]): NamedSplit | undefined;
  /** Outputs by name. */
  outputs(pass: ObservedPass): Tensors;
  /** Returns the value to store. */
  observe(evaluated: ObservedEvaluation): Value | undefined;
}

/** A moment of a training between two steps. */
export interface TrainingMoment {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start. */
  readonly step: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Whether no step of the next epoch is taken; true of the moment before the first step. */
  readonly isEpochEnd: boolean;
  /** Whether training ends here, which may be before its last epoch. */
  readonly isEnd: boolean;
}

/** A network with its parameters. */
export interface ObservedNetwork {
  /** The network. */
  readonly network: Network;
  /** Parameters and states of layers by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** Returns an output of an observer's expression by its name; valid until the next step. */
export type OutputOf = (name: string) => Float32Array;

/** The network at a moment of its training. */
export interface Snapshot extends ObservedNetwork {
  /** When. */
  readonly moment: TrainingMoment;
  /** Number of samples that the expression was computed on. */
  readonly samples: number;
  /** Outputs of the expression. */
  readonly output: OutputOf;
}

/** The network on the samples that an observer chose. */
export interface ObservedEvaluation extends NamedSplit {
  /** The network. */
  readonly network: Network;
  /** Outputs of the expression. */
  readonly output: OutputOf;
}
