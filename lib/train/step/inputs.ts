/**
 * Inputs whose values differ from step to step. Two tables give the inputs of graphs, the spaces that have
 * an entry for each step, and the values that are written there.
 *
 * @module
 */
import type { Samples } from "../../data/dataset.ts";
import type { Spaces } from "../../engine/backend.ts";
import type { Program } from "../../engine/program/program.ts";
import { input, type Tensor } from "../../tensor/mod.ts";
import type { Batches } from "../batches.ts";
import type { Updates } from "./accumulate.ts";

/** What a step depends on besides the state and its rows. Steps count from 1 since the start. */
export interface StepSettings {
  readonly rateOf: (step: number) => number;
  /** How much the weights after a step count in their mean; asked only if means are kept. */
  readonly averageWeightOf: (step: number) => number;
}

/** An epoch of training, from 0, and what its steps depend on. */
interface Epoch extends StepSettings {
  readonly batches: Batches;
  readonly updates: Updates;
  readonly epoch: number;
}

type WriteBatch = (out: Int32Array, rows: Uint32Array, labels: Samples["labels"]) => void;

/** Inputs that are an integer for each sample [batch]. */
const SAMPLE_INPUTS = {
  /** Rows of the source. */
  rows: (out, rows) => out.set(rows),
  /** Class of each sample; not for prediction. */
  labels(out, rows, labels) {
    for (let i = 0; i < rows.length; i++) out[i] = labels[rows[i]];
  },
} satisfies Readonly<Record<string, WriteBatch>>;

/** An input that is one number []: its value at a step of an epoch, counted from 1 since the start. */
interface NumberInput {
  readonly type: "float" | "integer";
  at(epoch: Epoch, step: number): number;
}

/** Inputs of training that are one number []. */
const NUMBER_INPUTS = {
  /** Number of the update, from 1. */
  step: { type: "integer", at: ({ updates }, step) => updates.numberOf(step) },
  /** Learning rate of the update. */
  learningRate: { type: "float", at: ({ rateOf }, step) => rateOf(step) },
  /** Share of the batch in the samples of its update; only if gradients accumulate. */
  share: {
    type: "float",
    at: ({ updates, batches, epoch }, step) => updates.shareOf(step - epoch * batches.steps - 1),
  },
  /** Weight of the parameters after the step in their mean; only if means are kept. */
  averageWeight: { type: "float", at: ({ averageWeightOf }, step) => averageWeightOf(step) },
} satisfies Readonly<Record<string, NumberInput>>;

/** Outputs of which each step has an entry of its own. */
const OUTPUTS = ["loss", "correct", "gradientNorm", "probabilities", "classes"];

/** Spaces of which each step of a pass has an entry of its own. */
export const PER_STEP: readonly string[] = [
  ...Object.keys({ ...SAMPLE_INPUTS, ...NUMBER_INPUTS }).map((name) => `in:${name}`),
  ...OUTPUTS.map((name) => `out:${name}`),
];

/** Returns the input of a name, an integer for each sample [batch]. */
export function sampleInput(name: keyof typeof SAMPLE_INPUTS, batch: number): Tensor {
  return input(name, [batch], "integer");
}

/** Returns the input of a name, one number []. */
export function numberInput(name: keyof typeof NUMBER_INPUTS): Tensor {
  return input(name, [], NUMBER_INPUTS[name].type);
}

/** Writes the inputs for the samples of each step of a pass, as far as programs read them. */
export function fillSamples(
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
    if (!isRead(space, programs)) continue;
    const [all, stride] = [machine.integers(space), machine.stride(space)];
    for (let step = 0; step < steps; step++) {
      const batch = rows.subarray(step * size, (step + 1) * size);
      write(all.subarray(step * stride, step * stride + batch.length), batch, labels);
    }
  }
}

/** Writes the numbers of each step of an epoch, as far as programs read them. */
export function fillNumbers(
  machine: Spaces,
  programs: Readonly<Record<string, Program>>,
  epoch: Epoch,
): void {
  const { steps } = epoch.batches;
  for (const [name, { type, at }] of Object.entries<NumberInput>(NUMBER_INPUTS)) {
    const space = `in:${name}`;
    if (!isRead(space, programs)) continue;
    const values = type === "integer" ? machine.integers(space) : machine.floats(space);
    const stride = machine.stride(space);
    for (let index = 0; index < steps; index++) {
      values[index * stride] = at(epoch, epoch.epoch * steps + index + 1);
    }
  }
}

function isRead(space: string, programs: Readonly<Record<string, Program>>): boolean {
  return Object.values(programs).some(({ spaces }) => space in spaces);
}
