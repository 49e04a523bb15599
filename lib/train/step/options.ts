/**
 * Options of steps, and the names of the state tensors that they read and replace.
 *
 * @module
 */
import type { Loss, Network } from "../../nn/mod.ts";
import type { Clip } from "../../optim/clip.ts";
import type { ParameterGroup, UpdateGroup } from "../../optim/parameter_groups.ts";
import type { Adversarial } from "./adversarial.ts";
import type { BatchPipeline } from "./batch.ts";

/** Options of a prediction step, which all other steps have too. */
export interface PredictionOptions extends BatchPipeline {
  /** The network. */
  readonly network: Network;
  /** Loss, which also converts outputs to probabilities. */
  readonly loss: Loss;
  /** Parameter groups, each of which is stored as one vector. */
  readonly groups: readonly ParameterGroup[];
  /** Number of samples in a batch. */
  readonly batch: number;
}

/** Options of a training step. */
export interface TrainingOptions extends PredictionOptions {
  /** Parameter groups with the update rule of each. */
  readonly groups: readonly UpdateGroup[];
  /** Seed of the run, for layers that use random numbers. */
  readonly seed: number;
  /** Adversarial training. Defaults to none. */
  readonly adversarial?: Adversarial | undefined;
  /** Clipping of the gradient. Defaults to none. */
  readonly clip?: Clip | undefined;
  /** Number of micro-batches into which a batch is divided, see `lib/tensor/micro_batches.ts`. Defaults to 1. */
  readonly shards?: number | undefined;
  /** Whether an update adds up the gradients of several batches. Defaults to false. */
  readonly accumulates?: boolean;
  /** Whether running averages of the parameters are computed. Defaults to false. */
  readonly averages?: boolean;
}

/** Returns the name of the state tensor that holds a group's parameters. */
export function parametersName({ name }: ParameterGroup): string {
  return `${name}.parameters`;
}

/** Returns the name of the state tensor that holds a slot of a group's optimizer. */
export function slotName({ name }: ParameterGroup, slot: string): string {
  return `${name}.${slot}`;
}

/** Returns the name of the state tensor that holds a group's accumulated gradient. */
export function gradientName({ name }: ParameterGroup): string {
  return `${name}.gradient`;
}

/** Returns the name of the state tensor that holds the running average of the state tensor `name`. */
export function averageName(name: string): string {
  return `average.${name}`;
}
