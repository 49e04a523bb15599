/**
 * Defines the measured workloads: three networks on data of MNIST's form, all with ReLU, softmax cross-entropy and
 * Adam at 0.001, with batches shuffled every epoch.
 *
 * @module
 */
import { join } from "@std/path";
import type { Dataset, Samples, Split } from "../../lib/data/dataset.ts";
import { idx } from "../../lib/data/datasets/idx.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import type { Backend } from "../../lib/engine/backend.ts";
import { countRight, predictedClasses } from "../../lib/evaluate/mod.ts";
import { layers, type Network, network, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { median } from "../../lib/tensor/math/statistics.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import { adam, oneGroup } from "../../lib/train/mod.ts";
import { openSession, type Training } from "../../lib/train/session.ts";
import { parametersOf } from "../../lib/train/state.ts";

/** Hidden layers, batch and, where an epoch would take too long, steps to a repeat. */
export interface Workload {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  /** Samples a step. */
  readonly batchSize: number;
  /** Steps that are timed at a time; an epoch if not given. */
  readonly steps?: number;
}

/** Names of the workloads, the smallest first. */
export type WorkloadName = "S" | "M" | "L";

/** The workloads by name. */
export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  S: { hidden: [128], batchSize: 64 },
  M: { hidden: [512, 512], batchSize: 128 },
  L: { hidden: [2500, 2000, 1500, 1000, 500], batchSize: 256, steps: 40 },
};

const RATE = 0.001;

/** Settings of a step: learning rate and averaging. */
export const SETTINGS = { rateOf: () => RATE, averageWeightOf: () => 0 };

/** The network of a workload: 784 features, 10 classes. */
export function build({ hidden }: Workload): Network {
  const dense = (units: number) =>
    layers.create({ name: "dense", units, initializer: { name: "heNormal" } });
  const relu = () => layers.create({ name: "relu" });
  return network([...hidden.flatMap((units) => [dense(units), relu()]), dense(10)], 784);
}

/** The data: the four gzip files in the folder MNIST_DIR, else Debian's Fashion-MNIST. */
export function load(): Promise<Dataset> {
  const folder = Deno.env.get("MNIST_DIR") ?? "/usr/share/datasets/fashion-mnist";
  const file = (name: string) => join(folder, `${name}-ubyte.gz`);
  const source = idx({
    images: file("train-images-idx3"),
    labels: file("train-labels-idx1"),
    testImages: file("t10k-images-idx3"),
    testLabels: file("t10k-labels-idx1"),
  });
  return loadDataset(source, { cacheDirectory: "" });
}

/** All samples of a split, in their order. */
export function whole(samples: Samples | undefined): Split {
  if (samples === undefined) throw new TypeError("Cannot measure: expected test files");
  return { samples, rows: Uint32Array.from({ length: samples.count }, (_, row) => row) };
}

/** A workload's training on some samples. */
export function trainingOf(
  workload: Workload,
  train: Split,
  { threads, backend }: Omit<Measure, "reps">,
): Training {
  const built = build(workload);
  return {
    network: built,
    loss: softmaxCrossEntropy(),
    optimizer: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    seed: 1,
    batchSize: workload.batchSize,
    normalization: unit()(train),
    train,
    workers: threads,
    backend,
  };
}

async function accuracyOf(
  { network, loss, normalization }: Training,
  state: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
  test: Split,
): Promise<number> {
  const parameters = parametersOf({ network, groups: oneGroup(network) }, state);
  const { shape } = test.samples;
  const trained = { network, loss, parameters, normalization, encoding: "sparse8" as const, shape };
  const { probabilities, labels } = await evaluateSplit(trained, "test", test);
  const samples = labels.length;
  return countRight(labels, predictedClasses(probabilities, { samples, classes: 10 })) / samples;
}

/** Amount of work, and number of workers. */
export interface Measure {
  /** Number of times the measured steps are repeated. */
  readonly reps: number;
  /** Workers. */
  readonly threads: number;
  /** Backend of dense products. Defaults to the exact one. */
  readonly backend?: Backend | undefined;
}

/** Results of a training. */
export interface Trained {
  /** Samples a second: the median, and each. */
  readonly samples_per_s: number;
  readonly all: readonly number[];
  /** Accuracy on the test split. */
  readonly test_acc: number;
}

/** Trains, after a warm-up, and times whole epochs or the workload's steps. */
export async function train(
  workload: Workload,
  data: Dataset,
  { reps, ...by }: Measure,
): Promise<Trained> {
  const training = trainingOf(workload, whole(data.train), by);
  await using session = await openSession(training);
  await session.initialize();
  const steps = workload.steps ?? session.batches.steps;
  session.prepare(0, SETTINGS);
  await session.run(0, Math.max(3, Math.floor(steps / 8)));
  const all: number[] = [];
  for (let epoch = 1; epoch <= reps; epoch++) {
    const begun = performance.now();
    session.prepare(epoch, SETTINGS); // shuffling is part of the work
    await session.run(0, steps);
    const samples = workload.steps === undefined ? data.train.count : steps * workload.batchSize;
    all.push(1000 * samples / (performance.now() - begun));
  }
  const accuracy = await accuracyOf(training, session.state(), whole(data.test));
  return { samples_per_s: median(all), all, test_acc: accuracy };
}

/** Trains for five epochs as the library's users do, and asks for the accuracy on the test split. */
export async function endToEnd(
  workload: Workload,
  data: Dataset,
  by: Omit<Measure, "reps">,
): Promise<Pick<Trained, "test_acc">> {
  const training = trainingOf(workload, whole(data.train), by);
  const { checkpoint } = await fit({ ...training, learningRate: () => RATE, epochs: 5 });
  return { test_acc: await accuracyOf(training, checkpoint.state, whole(data.test)) };
}
