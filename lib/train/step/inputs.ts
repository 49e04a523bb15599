/**
 * Inputs whose values differ from step to step. Two tables define these inputs: the type of each, and the
 * values that are written for every step.
 *
 * @module
 */
import type { Samples } from "../../data/dataset.ts";
import type { Spaces } from "../../engine/backend.ts";
import type { Program } from "../../engine/program/program.ts";
import { input, type Tensor } from "../../tensor/mod.ts";
import type { Batches } from "../batches.ts";
import type { Updates } from "./accumulate.ts";

/** Settings of steps, which are counted from 1 since the start of training. */
export interface StepSettings {
  /** Returns the learning rate of a step. */
  readonly rateOf: (step: number) => number;
  /** Returns the weight of the parameters after a step in their running average. Used only with averaging. */
  readonly averageWeightOf: (step: number) => number;
}

/** An epoch: everything from which the inputs of its steps are computed, besides the samples. */
interface Epoch extends StepSettings {
  /** Division of the epoch's samples into batches. */
  readonly batches: Batches;
  /** Division of the epoch's steps into updates. */
  readonly updates: Updates;
  /** Number of the epoch, from 0. */
  readonly epoch: number;
}

/**
 * A function that writes an input of one step to `out` [batch], given the row numbers of the batch [batch] and
 * the labels of the whole data set.
 */
type WriteBatch = (out: Int32Array, rows: Uint32Array, labels: Samples["labels"]) => void;

/** Inputs that have one integer for each sample of the batch [batch]. */
const SAMPLE_INPUTS = {
  /** Number of each sample's row in the data set, from 0. */
  rows: (out, rows) => out.set(rows),
  /** Class of each sample. Programs of predictions do not read it. */
  labels(out, rows, labels) {
    for (let i = 0; i < rows.length; i++) out[i] = labels[rows[i]];
  },
} satisfies Readonly<Record<string, WriteBatch>>;

/** An input that is one number []. */
interface NumberInput {
  readonly type: "float" | "integer";
  /** Returns the value at a step of an epoch. The step is counted from 1 since the start of training. */
  at(epoch: Epoch, step: number): number;
}

/** Inputs of training that are one number []. */
const NUMBER_INPUTS = {
  /** Number of the update, from 1 since the start of training. */
  step: { type: "integer", at: ({ updates }, step) => updates.numberOf(step) },
  /** Learning rate of the update. */
  learningRate: { type: "float", at: ({ rateOf }, step) => rateOf(step) },
  /**
   * Number of samples in the batch as a fraction of those in its update. Used only with gradient
   * accumulation.
   */
  share: {
    type: "float",
    at: ({ updates, batches, epoch }, step) => updates.shareOf(step - epoch * batches.steps - 1),
  },
  /** Weight of the parameters after the step in their running average. Used only with averaging. */
  averageWeight: { type: "float", at: ({ averageWeightOf }, step) => averageWeightOf(step) },
} satisfies Readonly<Record<string, NumberInput>>;

/** Outputs that have one entry for each step of a pass. */
const OUTPUTS = ["loss", "correct", "gradientNorm", "probabilities", "classes"];

/**
 * Spaces that have one entry for each step of a pass. Every other space has one entry, which all steps share.
 */
export const PER_STEP: readonly string[] = [
  ...Object.keys({ ...SAMPLE_INPUTS, ...NUMBER_INPUTS }).map((name) => `in:${name}`),
  ...OUTPUTS.map((name) => `out:${name}`),
];

/** Returns the input tensor named `name`, which has one integer for each sample [batch]. */
export function sampleInput(name: keyof typeof SAMPLE_INPUTS, batch: number): Tensor {
  return input(name, [batch], "integer");
}

/** Returns the input tensor named `name`, one number []. */
export function numberInput(name: keyof typeof NUMBER_INPUTS): Tensor {
  return input(name, [], NUMBER_INPUTS[name].type);
}

/**
 * Writes the row numbers and labels of every step of a pass into the machine's spaces, if `programs` read them.
 *
 * @param samples row numbers of all samples of the pass, in order; labels of the whole data set; and the
 *   division of the samples into batches
 */
export function writeSampleInputs(
  machine: Spaces,
  programs: Readonly<Record<string, Program>>,
  { rows, labels, batches: { size, steps } }: {
    readonly rows: Uint32Array;
    readonly labels: Samples["labels"];
    readonly batches: Batches;
  },
): void {
  for (const [name, write] of Object.entries<WriteBatch>(SAMPLE_INPUTS)) {
    const space = `in:${name}`;
    if (!isSpaceRead(space, programs)) continue;
    const [all, stride] = [machine.integers(space), machine.stride(space)];
    for (let step = 0; step < steps; step++) {
      const batch = rows.subarray(step * size, (step + 1) * size);
      write(all.subarray(step * stride, step * stride + batch.length), batch, labels);
    }
  }
}

/**
 * Writes the inputs that are one number, such as the learning rate, for every step of an epoch into the
 * machine's spaces, if `programs` read them.
 */
export function writeNumberInputs(
  machine: Spaces,
  programs: Readonly<Record<string, Program>>,
  epoch: Epoch,
): void {
  const { steps } = epoch.batches;
  for (const [name, { type, at }] of Object.entries<NumberInput>(NUMBER_INPUTS)) {
    const space = `in:${name}`;
    if (!isSpaceRead(space, programs)) continue;
    const values = type === "integer" ? machine.integers(space) : machine.floats(space);
    const stride = machine.stride(space);
    for (let index = 0; index < steps; index++) {
      values[index * stride] = at(epoch, epoch.epoch * steps + index + 1);
    }
  }
}

/** Returns whether any of the programs has an input named `space`. */
function isSpaceRead(space: string, programs: Readonly<Record<string, Program>>): boolean {
  return Object.values(programs).some(({ spaces }) => space in spaces);
}
