/**
 * Small data sets and trainings for tests of fitting: three classes, told apart by where their
 * samples are bright.
 *
 * @module
 */

import type { Normalization, Samples, Split } from "../../lib/data/dataset.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { type Checkpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { appendSteps } from "../../lib/run/steps.ts";
import { below, key } from "../../lib/tensor/mod.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { constantRate, sgd } from "../../lib/train/mod.ts";
import { openSession } from "../../lib/train/session.ts";

/** Features of a sample. */
export const FEATURES = 14;

/** Classes of the samples. */
export const CLASSES = 3;

/** Bytes, most of them zero: each class is bright in a third of the features. */
export function brightSamples(count: number): Samples {
  const values = new Uint8Array(count * FEATURES);
  const labels = Uint16Array.from({ length: count }, (_, row) => row % CLASSES);
  labels.forEach((label, row) => {
    for (let feature = label; feature < FEATURES; feature += CLASSES) {
      const bright = below(key(0, "bright", row), feature, 256);
      if (bright > 64) values[row * FEATURES + feature] = bright;
    }
  });
  return { count, shape: [2, 7], values, labels };
}

/** All samples of a data set, or those from one row up to another. */
export function splitOf(samples: Samples, from = 0, to: number = samples.count): Split {
  const rows = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  return { samples, rows };
}

/** Bytes to 0 … 1. */
export const UNIT: Normalization = { name: "unit", shift: 0, scale: 1 / 255 };

/** 14-6-3 with ReLU. */
export const NETWORK = network([
  dense({ units: 6, initializer: { name: "heNormal" } }),
  relu(),
  dense({ units: CLASSES, initializer: { name: "glorotUniform" } }),
], FEATURES);

const SAMPLES = brightSamples(75);

/** 53 samples to learn from in 4 batches of 16, the last of 5, and 22 to validate on; three epochs. */
export const TOY = {
  network: NETWORK,
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  seed: 5,
  batchSize: 16,
  normalization: UNIT,
  train: splitOf(SAMPLES, 0, 53),
  validation: splitOf(SAMPLES, 53),
  learningRate: constantRate({ rate: 0.5 }),
  epochs: 3,
} satisfies FitOptions;

/** The toy without a validation split. */
export function withoutValidation(): Omit<typeof TOY, "validation"> {
  const { validation: _, ...others } = TOY;
  return others;
}

/** Fits, and keeps every checkpoint, in the order of the steps; the first is the one before step 1. */
export async function checkpointsOf(options: FitOptions): Promise<readonly Checkpoint[]> {
  const controller = new AbortController();
  controller.abort();
  const { checkpoint: first } = await fit({ ...options, signal: controller.signal });
  const all = [first];
  const onCheckpoint = (checkpoint: Checkpoint) => Promise.resolve(void all.push(checkpoint));
  await fit({ ...options, onCheckpoint });
  return all;
}

/** The checkpoint of a training that goes on from another one and stops some steps later. */
export async function stepsLater(
  options: FitOptions,
  { position: { epoch, step }, state, history }: Checkpoint,
  steps: number,
): Promise<Checkpoint> {
  await using session = await openSession(options);
  const total = session.batches.steps * options.epochs;
  const rateOf = (step: number) =>
    options.learningRate(step, { steps: total, stepsPerEpoch: total / options.epochs, scores: [] });
  session.restore(state);
  session.prepare(epoch, { rateOf, averageWeightOf: () => 0 });
  const from = step - epoch * session.batches.steps;
  await session.run(from, from + steps);
  const taken = session.results(from, from + steps);
  const learningRate = Float32Array.from({ length: steps }, (_, i) => rateOf(step + i + 1));
  return {
    position: { epoch, step: step + steps },
    state: session.state(),
    history: { ...history, steps: appendSteps(history.steps, { ...taken, learningRate }) },
  };
}

/** SHA-256 of a checkpoint's file: what two trainings must agree in. */
export function hashOf(checkpoint: Checkpoint): string {
  return sha256(encodeCheckpoint(checkpoint));
}
