/**
 * Whole runs on real digits, by the hashes of what they leave. To look at what changed, and then to
 * write the hashes anew:
 *
 *     deno test -A tests/golden -- --update
 *
 * A change of `model`, `metrics` or `results` is a change of the numbers: raise FORMAT_VERSION, so
 * that no older run is taken for one of the new meaning.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { parseConfig } from "../../lib/config/read.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { FORMAT_VERSION } from "../../lib/run/identity.ts";
import { RULES } from "../../pipelines/experiment/config_file.ts";
import { runExperiment } from "../../pipelines/experiment/experiment.ts";
import type { ExperimentConfig } from "../../pipelines/experiment/stage_table.ts";
import { openView } from "../../pipelines/cli/view.ts";
import hashes from "./hashes.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Files of a run whose hashes are committed. */
const KEPT = {
  model: "model.safetensors",
  metrics: "metrics.jsonl",
  results: "results.safetensors",
  report: "report.svg",
};

type Hashes = Readonly<Record<keyof typeof KEPT, string>>;

const dense = (units: number) => ({ name: "dense", units });
const relu = { name: "relu" };

/** Options in which the runs differ: two epochs of 8,000 digits each. */
const RUNS: Readonly<Record<string, { readonly [key: string]: unknown }>> = {
  "sgd on unit": { optimizer: "sgd", normalize: "unit", layers: [dense(32), relu, dense(10)] },
  "momentum on raw bytes": {
    optimizer: "momentum",
    normalize: "none",
    layers: [dense(32), relu, dense(10)],
    rate: { name: "constant", rate: 1e-6 },
  },
  "adam on standardized": {
    optimizer: "adam",
    normalize: "standardize",
    layers: [dense(32), relu, dense(10)],
    rate: { name: "cosine", from: 0.003, to: 0 },
  },
  "adam without a hidden layer": {
    optimizer: "adam",
    normalize: "unit",
    layers: [dense(10)],
    rate: { name: "constant", rate: 0.002 },
  },
  "adam with two hidden layers and an odd batch": {
    optimizer: "adam",
    normalize: "unit",
    batchSize: 59,
    layers: [
      dense(33),
      relu,
      { ...dense(17), initializer: { name: "glorotUniform" } },
      relu,
      dense(10),
    ],
    rate: { name: "cosine", from: 0.003, to: 0.0003 },
  },
  "adam on deskewed, centred and whitened": {
    optimizer: "adam",
    normalize: "unit",
    layers: [dense(32), relu, dense(10)],
    prepare: [{ name: "deskew" }, { name: "center" }],
    reduce: { name: "pca", components: 0.9, whiten: true },
    rate: { name: "cosine", from: 0.003, to: 0 },
  },
  "adam on images augmented in every way, asked seven times": {
    optimizer: "adam",
    normalize: "standardize",
    layers: [dense(32), relu, dense(10)],
    augment: ["affine", "elastic", "cutout", "mixup", "noise"].map((name) => ({ name })),
    augmentedCopies: 6,
    rate: { name: "constant", rate: 0.001 },
  },
};

function configOf(name: string): ExperimentConfig {
  const { optimizer, prepare, normalize, reduce, layers, rate, batchSize = 64 } = RUNS[name] ?? {};
  const { augment, augmentedCopies } = RUNS[name] ?? {};
  return parseConfig({
    name: "golden",
    seed: 42,
    pipeline: [
      { stage: "load", dataset: { name: "mnist-10k" } },
      { stage: "split", validation: 1000 },
      ...(prepare === undefined ? [] : [{ stage: "prepare", methods: prepare }]),
      { stage: "normalize", method: { name: normalize } },
      ...(reduce === undefined ? [] : [{ stage: "reduce", method: reduce }]),
      {
        stage: "train",
        layers,
        batchSize,
        epochs: 2,
        ...(augment === undefined ? {} : { augment }),
        loss: { name: "softmaxCrossEntropy" },
        optimizer: { name: optimizer },
        learningRate: rate ?? { name: "constant", rate: 0.1 },
      },
      {
        stage: "evaluate",
        on: ["validation", "test"],
        ...(augmentedCopies === undefined ? {} : { augmentedCopies }),
      },
      { stage: "report" },
    ],
  }, RULES);
}

/** Runs an experiment in a folder of its own, and hashes what it leaves. */
async function run(name: string, workers: number): Promise<Hashes> {
  const output = await Deno.makeTempDir();
  try {
    const path = await runExperiment(configOf(name), {
      output,
      cacheDirectory: join(ROOT, ".cache"),
      fresh: false,
      detail: "quiet",
      workers,
      signal: new AbortController().signal,
      view: openView("quiet"),
    });
    const entries = Object.entries(KEPT).map(([key, file]) => [
      key,
      sha256(Deno.readFileSync(join(path, file))),
    ]);
    return Object.fromEntries(entries) as Hashes;
  } finally {
    await Deno.remove(output, { recursive: true });
  }
}

const found: Record<string, Hashes> = {};

/** Numbers of workers that the runs are made by, in turn; the first run is made by each of them. */
const WORKERS = [1, 2, 3, 5];

for (const [index, name] of Object.keys(RUNS).entries()) {
  const numbers = index === 0 ? WORKERS : [WORKERS[index % WORKERS.length] ?? 1];
  for (const workers of numbers) {
    Deno.test(`a run of ${name} by ${workers} has the bytes of its committed hash`, async () => {
      found[name] = await run(name, workers);
      if (!Deno.args.includes("--update")) {
        const kept: Readonly<Record<string, Hashes>> = hashes.runs;
        assertEquals(found[name], kept[name]);
      }
    });
  }
}

Deno.test("the committed hashes are those of the present format version, for these runs", async () => {
  if (Deno.args.includes("--update")) {
    const text = JSON.stringify({ format: FORMAT_VERSION, runs: found }, null, 2);
    await Deno.writeTextFile(new URL("hashes.json", import.meta.url), `${text}\n`);
    return;
  }
  assertEquals(hashes.format, FORMAT_VERSION);
  assertEquals(Object.keys(hashes.runs), Object.keys(RUNS));
});
