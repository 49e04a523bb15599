/**
 * This project in the protocol of a side-by-side benchmark of training programs:
 *
 *     peer.ts --mode train|infer|e2e|startup --workload S|M|L [--reps N] [--threads N] [--backend blas]
 *
 * prints one line of JSON. The data are the four gzip files of MNIST's form in the folder MNIST_DIR.
 *
 *     train     samples a second over so many epochs (L: over 40 steps each), after a warm-up
 *     infer     images a second for the test images in one call, and the latency of one image
 *     e2e       all of it: load, 5 epochs of S, test accuracy
 *     startup   load, and exit
 *
 * All train with ReLU, softmax cross-entropy and Adam at 0.001, batches shuffled every epoch.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import type { Dataset, Part, Samples } from "../../lib/data/dataset.ts";
import { idx } from "../../lib/data/datasets/idx.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { processors } from "../../lib/io/surroundings.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import { blas } from "../../lib/io/blas.ts";
import { layers, type Network, network, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluatePart, type Trained } from "../../lib/train/infer.ts";
import { adam, oneGroup } from "../../lib/train/mod.ts";
import { openPredictor, openRowPredictor } from "../../lib/train/predictor.ts";
import { openSession, type Training } from "../../lib/train/session.ts";
import { parametersOf } from "../../lib/train/state.ts";

/** Hidden layers, batch and, where an epoch would take too long, steps to a repeat. */
interface Workload {
  readonly hidden: readonly number[];
  readonly batchSize: number;
  readonly steps?: number;
}

const WORKLOADS: Readonly<Record<string, Workload>> = {
  S: { hidden: [128], batchSize: 64 },
  M: { hidden: [512, 512], batchSize: 128 },
  L: { hidden: [2500, 2000, 1500, 1000, 500], batchSize: 256, steps: 40 },
};

const RATE = 0.001;

function build({ hidden }: Workload): Network {
  const dense = (units: number) =>
    layers.create({ name: "dense", units, initializer: { name: "heNormal" } });
  const relu = () => layers.create({ name: "relu" });
  return network([...hidden.flatMap((units) => [dense(units), relu()]), dense(10)], 784);
}

function load(): Promise<Dataset> {
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

function whole(samples: Samples | undefined): Part {
  if (samples === undefined) throw new TypeError("Cannot measure: expected test files");
  return { samples, rows: Uint32Array.from({ length: samples.count }, (_, row) => row) };
}

function trainingOf(workload: Workload, train: Part): Training {
  const built = build(workload);
  return {
    network: built,
    loss: softmaxCrossEntropy(),
    optimizer: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    groups: oneGroup(built),
    seed: 1,
    batchSize: workload.batchSize,
    normalization: unit()(train),
    train,
    ...{ workers: threads, backend },
  };
}

async function accuracyOf(
  { network, loss, groups, normalization }: Training,
  state: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
  test: Part,
): Promise<number> {
  const parameters = parametersOf(groups, state);
  const trained = { network, loss, parameters, normalization, encoding: "sparse8" as const };
  const { probabilities, labels } = await evaluatePart(trained, "test", test);
  const right = labels.filter((label, i) => {
    const row = probabilities.subarray(10 * i, 10 * i + 10);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / labels.length;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function train(workload: Workload, data: Dataset, reps: number): Promise<object> {
  const training = trainingOf(workload, whole(data.train));
  await using session = await openSession(training);
  await session.initialize();
  const steps = workload.steps ?? session.batches.steps;
  session.prepare(0, () => RATE);
  await session.run(0, Math.max(3, Math.floor(steps / 8)));
  const all: number[] = [];
  for (let epoch = 1; epoch <= reps; epoch++) {
    const begun = performance.now();
    session.prepare(epoch, () => RATE); // shuffling is part of the work
    await session.run(0, steps);
    const samples = workload.steps === undefined ? data.train.count : steps * workload.batchSize;
    all.push(1000 * samples / (performance.now() - begun));
  }
  const accuracy = await accuracyOf(training, session.state(), whole(data.test));
  return { samples_per_s: median(all), all, test_acc: accuracy };
}

/** Predicts as a library user would, by untrained parameters: all images at once, and one by one. */
async function infer(workload: Workload, data: Dataset): Promise<object> {
  const { samples: { count, values } } = whole(data.test);
  const trained = untrained(workload);
  await using predictor = await openPredictor(trained, { workers: threads });
  const rowPredictor = openRowPredictor(trained);
  const rows = Array.from(
    { length: count },
    (_, row) => values.subarray(784 * row, 784 * row + 784),
  );
  const calls: number[] = [];
  for (let call = 0; call < 9; call++) {
    const begun = performance.now();
    await predictor.classes(values);
    calls.push(performance.now() - begun);
  }
  const latencies: number[] = [];
  for (let call = 0; call < 2200; call++) {
    const row = rows[call % count] as Uint8Array;
    const begun = performance.now();
    rowPredictor.classOf(row);
    latencies.push(performance.now() - begun);
  }
  const sorted = latencies.slice(200).sort((a, b) => a - b); // the first are a warm-up, as above
  return {
    infer_per_s: 1000 * count / median(calls.slice(2)),
    lat1_us_p50: 1000 * (sorted[1000] as number),
    lat1_us_p99: 1000 * (sorted[1980] as number),
  };
}

/** A network of a workload, whose parameters nobody trained. */
function untrained(workload: Workload): Trained {
  const built = build(workload);
  const state = new Map(
    oneGroup(built).map((group) => [
      `${group.name}.parameters`,
      Float32Array.from({ length: group.size }, (_, i) => ((i * 7919) % 1000 - 500) / 10_000),
    ]),
  );
  return {
    network: built,
    loss: softmaxCrossEntropy(),
    parameters: parametersOf(oneGroup(built), state),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
    encoding: "sparse8",
  };
}

async function endToEnd(workload: Workload, data: Dataset): Promise<object> {
  const training = trainingOf(workload, whole(data.train));
  const { checkpoint } = await fit({ ...training, schedule: () => RATE, epochs: 5 });
  return { test_acc: await accuracyOf(training, checkpoint.state, whole(data.test)) };
}

const { mode = "train", workload: name = "S", reps = "3", ...given } = parseArgs(Deno.args, {
  string: ["mode", "workload", "reps", "threads", "backend"],
});
const backend = given.backend === "blas" ? blas() : undefined;
const threads = Number(given.threads ?? processors());
const workload = WORKLOADS[String(name)];
if (workload === undefined) {
  throw new RangeError(`Cannot measure: expected S, M or L: received ${name}`);
}
const data = await load();
const measured = mode === "train"
  ? await train(workload, data, Number(reps))
  : mode === "infer"
  ? await infer(workload, data)
  : mode === "e2e"
  ? await endToEnd(workload, data)
  : {};
console.log(JSON.stringify({ peer: "ann-mlp", mode, workload: name, ...measured }));
