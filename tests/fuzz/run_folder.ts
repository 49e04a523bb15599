/**
 * Run folders: a file of a run is mutated, and the manifest has its hash, as an attacker would see to. Then
 * the folder is read as commands read it, and its report is drawn.
 */
import { parseConfig } from "../../lib/config/read.ts";
import { drawEnvironment } from "../../lib/report/environment/environment.ts";
import { decodeRun, encodeRun, FILES } from "../../lib/run/folder.ts";
import { parseJson } from "../../lib/run/json.ts";
import { changedFiles, decodeManifest, encodeManifest, hashFiles } from "../../lib/run/manifest.ts";
import { decodeTiming, encodeTiming } from "../../lib/run/timing.ts";
import { RULES } from "../../pipelines/experiment/config_file.ts";
import { reportFiles } from "../../pipelines/experiment/write_run.ts";
import { makeRecord } from "../report/record.ts";
import type { Target } from "./cases.ts";
import { CONFIG } from "./config.ts";

const RECORD = {
  ...makeRecord({
    classes: ["cat", "dog", "eel"],
    epochs: 2,
    stepsPerEpoch: 3,
    samples: 6,
    mistakeEvery: 2,
    shape: [2, 3],
    copies: 1,
    observed: true,
    hidden: ["relu1"],
  }),
  config: CONFIG,
};

const RUN = encodeRun(RECORD);

const MANIFEST = {
  run: "tiny-0123456789",
  format: 1,
  backend: "exact",
  versions: { deno: "2.9.6" },
  machine: { workers: 1 },
  started: "2026-01-01T00:00:00.000Z",
  finished: "2026-01-01T00:00:09.000Z",
  data: [{ file: "images", sha256: "a".repeat(64), path: "data/images" }],
};

const TIMING = {
  stages: [{ stage: "load", milliseconds: 5 }, { stage: "train", milliseconds: 99 }],
};

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

const ALL: ReadonlyMap<string, Uint8Array> = new Map([
  ...RUN,
  [FILES.timing, encode(encodeTiming(TIMING))],
  [FILES.manifest, encode(encodeManifest({ ...MANIFEST, files: hashFiles(RUN) }))],
]);

const NAMES = [...ALL.keys()];

/** Run folders; the first byte of a case says which file the rest is. */
export function runFolder(): Target {
  return {
    seeds: NAMES.map((name, index) => Uint8Array.of(index, ...ALL.get(name) as Uint8Array)),
    words: ["epoch", "loss", "stage", "shape", "layer", "relu1", "samples", "classes", "F32", "U8"],
    file: /fuzz|option|config/,
    read(bytes) {
      const name = NAMES[bytes[0] % NAMES.length];
      const files = new Map(ALL).set(name, bytes.subarray(1));
      readFolder(files);
    },
  };
}

function readFolder(files: ReadonlyMap<string, Uint8Array>): void {
  const record = new Map([...files].filter(([name]) => RUN.has(name)));
  const manifest = decodeManifest(decode(files.get(FILES.manifest)), 'manifest "fuzz"');
  changedFiles(manifest, record);
  parseConfig(parseJson(decode(files.get(FILES.config)), 'config "fuzz"'), RULES);
  const run = decodeRun("fuzz", record);
  reportFiles(run);
  const timing = decodeTiming(decode(files.get(FILES.timing)), '"fuzz"');
  drawEnvironment(manifest.run, { ...manifest, timing });
}
