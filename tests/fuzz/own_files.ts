/** Files that the program writes itself, and configs, which people write. */
import { Buffer } from "node:buffer";
import { readConfig } from "../../lib/config/read.ts";
import { decodeArchive, encodeArchive } from "../../lib/analysis/pack/archive.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/run/codec/safetensors.ts";
import { addChecksum, NO_CHECKSUM } from "../../lib/run/codec/checksum.ts";
import { decodeModel, encodeModel, type Model } from "../../lib/run/model.ts";
import { losses } from "../../lib/nn/mod.ts";
import { modelToTrained } from "../../lib/train/inference/model.ts";
import { foldForPrediction } from "../../lib/train/inference/trained.ts";
import { RULES } from "../../pipelines/experiment/config_file.ts";
import { RECORD } from "../run/example.ts";
import type { Target } from "./cases.ts";
import type { Random } from "./random.ts";
import { CONFIG } from "./config.ts";

const FILE = /\bfuzz\b/;

const encode = (text: string) => new TextEncoder().encode(text);

const WORDS = ["F64", "U8", "shape", "dtype", "data_offsets", "__metadata__"];

const TENSORS = encodeSafetensors({
  tensors: new Map([
    ["a", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ["b.c", { shape: [], data: Float64Array.of(0.5) }],
    ["empty", { shape: [0, 7], data: new Uint8Array() }],
  ]),
  metadata: new Map([["note", "text"], ["json", "[1]"]]),
});

/** safetensors alone. */
export function safetensors(): Target {
  const seeds = [TENSORS, encodeSafetensors({ tensors: new Map() })];
  return { seeds, words: WORDS, file: FILE, read: (bytes) => decodeSafetensors(bytes, "fuzz") };
}

const CHECKPOINT: Checkpoint = {
  position: { epoch: 2, step: 4 },
  state: new Map([["parameters", Float32Array.of(1, 2, 3)], [
    "velocity",
    Float32Array.of(0, 0, 1),
  ]]),
  history: {
    epochs: RECORD.epochs,
    within: [],
    steps: RECORD.steps,
    observations: { tensors: new Map(), metadata: new Map([["data", "{}"]]) },
  },
};

/** Has the checksum of the content in three of four cases, so that more than the checksum is read. */
function withChecksum(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.happens(0.25)) return bytes;
  const text = Buffer.from(bytes).toString("latin1");
  const cleared = text.replace(/"checksum":"[0-9a-f]{64}"/, `"checksum":"${NO_CHECKSUM}"`);
  if (cleared === text) return bytes;
  try {
    return addChecksum(Uint8Array.from(Buffer.from(cleared, "latin1")));
  } catch {
    return bytes; // its header has no length
  }
}

/** Checkpoints. */
export function checkpoint(): Target {
  return {
    seeds: [encodeCheckpoint(CHECKPOINT)],
    words: [...WORDS, "position", "epoch", "steps", "state."],
    file: FILE,
    mend: withChecksum,
    read: (bytes) => decodeCheckpoint(bytes, { source: "fuzz" }),
  };
}

const dense = (inputs: number, units: number, name: string): Model["parameters"] =>
  new Map([
    [`${name}.weight`, {
      shape: [inputs, units],
      data: new Float32Array(inputs * units).fill(0.5),
    }],
    [`${name}.bias`, { shape: [units], data: new Float32Array(units) }],
  ]);

const ones = (...names: readonly string[]): Model["parameters"] =>
  new Map(names.map((name) => [name, { shape: [2], data: Float32Array.of(1, 1) }]));

const MODEL: Model = {
  parameters: new Map([
    ...dense(3, 2, "dense1"),
    ...ones("batchNorm1.scale", "batchNorm1.shift", "batchNorm1.mean", "batchNorm1.variance"),
    ...dense(2, 2, "residual1.dense1"),
    ...dense(2, 2, "dense2"),
  ]),
  layers: [
    { name: "dense", units: 2 },
    { name: "batchNorm" },
    { name: "residual", layers: [{ name: "relu" }, { name: "dense", units: 2 }] },
    { name: "dense", units: 2 },
  ],
  classes: ["cat", "dog"],
  shape: [1, 3],
  normalization: { name: "standardize", shift: Float32Array.of(1, 2, 3), scale: 1 / 255 },
  encoding: "sparse8",
};

/** Models, of which the network is built too. */
export function model(): Target {
  return {
    seeds: [encodeModel(MODEL)],
    words: [...WORDS, "dense", "residual", "units", "layers", "maxout", "dropout", "1000000000"],
    file: FILE,
    read(bytes) {
      const read = decodeModel(bytes, "fuzz");
      foldForPrediction(modelToTrained(read, losses.create({ name: "softmaxCrossEntropy" })));
    },
  };
}

/** Configs. */
export function config(): Target {
  const more = {
    ...CONFIG,
    description: "all kinds",
    sweep: { seed: [1, 2], "train.batchSize": [8, 16] },
  };
  return {
    seeds: [encode(JSON.stringify(CONFIG)), encode(JSON.stringify(more, null, 2))],
    words: ["extends", "name", "stage", "units", "layers", "sweep", "residual", "dropout", "seed"],
    file: FILE,
    read(bytes) {
      const text = new TextDecoder().decode(bytes);
      readConfig("fuzz", [], { ...RULES, readText: () => text });
    },
  };
}

/** Archives of runs. */
export function archive(): Target {
  const files = new Map([
    ["tiny-0123456789/manifest.json", encode("{}")],
    ["tiny-0123456789/config.json", encode(JSON.stringify(CONFIG))],
    ["tiny-0123456789/data/table", new Uint8Array()],
  ]);
  return {
    seeds: [encodeArchive(files)],
    words: ["PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "../", "tiny-0123456789/", "/", "\\"],
    file: FILE,
    read: (bytes) => decodeArchive(bytes, "fuzz"),
  };
}
