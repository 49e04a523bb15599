import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { sha256 } from "../../lib/data/sha256.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  emptyHistory,
  encodeCheckpoint,
} from "../../lib/run/checkpoint.ts";
import {
  checkpointName,
  checkpointStep,
  decodeRun,
  encodeRun,
  RECORD_FILES,
  summarizeRun,
} from "../../lib/run/folder.ts";
import {
  changedFiles,
  decodeManifest,
  encodeManifest,
  hashFiles,
  type Manifest,
} from "../../lib/run/manifest.ts";
import { decodeModel, encodeModel, type Model } from "../../lib/run/model.ts";
import { decodeResults, encodeResults } from "../../lib/run/results.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/run/codec/safetensors.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { RECORD } from "./example.ts";

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const utf8 = (content: string) => new TextEncoder().encode(content);

Deno.test("decodeRun() returns the argument of encodeRun()", () => {
  assertEquals(decodeRun(RECORD.run, encodeRun(RECORD)), RECORD);
});

/** The run, if it had augmented its images. */
const AUGMENTED: RunRecord = {
  ...RECORD,
  augmented: {
    rows: new Uint32Array([3, 5]),
    shape: [2, 3],
    copies: 1,
    values: Uint8Array.from({ length: 24 }, (_, index) => index),
  },
};

Deno.test("decodeRun() returns samples and their augmented copies", () => {
  assertEquals(decodeRun(RECORD.run, encodeRun(AUGMENTED)), AUGMENTED);
});

Deno.test("encodeRun() omits a missing note and a missing validation score", () => {
  const { note: _, ...bare } = { ...RECORD, epochs: RECORD.epochs.slice(0, 1) };
  const found = decodeRun(RECORD.run, encodeRun(bare));
  assertEquals(found, bare);
  assertEquals("note" in found, false);
});

Deno.test("encodeRun() writes metrics.jsonl and summary.json as documented", () => {
  const files = encodeRun(RECORD);
  assertEquals([...files.keys()], [...RECORD_FILES]);
  assertEquals(
    text(files.get("metrics.jsonl")),
    '{"epoch":1,"step":2,"learningRate":0.5,"train":{"loss":0.75,"accuracy":0.5}}\n' +
      '{"epoch":2,"step":4,"learningRate":0.25,"train":{"loss":0.5,"accuracy":1},' +
      '"validation":{"loss":0.625,"accuracy":0.25}}\n',
  );
  const { test, validation, parameters, epochs } = JSON.parse(text(files.get("summary.json")));
  assertEquals([test.accuracy, test.loss, test.mistakes], [1, 0, 0]);
  assertEquals([validation.accuracy, validation.loss, validation.mistakes], [2 / 3, 0.1, 1]);
  assertEquals([parameters, epochs], [10, 2]);
  assertEquals(summarizeRun(RECORD).train, undefined);
});

Deno.test("encodeRun() writes the effect of a temperature fitted on validation to summary.json", () => {
  const { calibration } = JSON.parse(text(encodeRun(RECORD).get("summary.json")));
  assertEquals(Object.keys(calibration), ["temperature", "validation", "test"]);
  assertEquals(calibration, summarizeRun(RECORD).calibration);
  // two samples are right with odds of 3, one is wrong with odds of 5/3: at the minimum of
  // 2 log(1 + 3^−u) + log(1 + (5/3)^u), u = 1/T, the derivative is 0
  const [right, wrong, u] = [Math.log(3), Math.log(5 / 3), 1 / calibration.temperature];
  const share = (x: number) => 1 / (1 + Math.exp(-x));
  assertAlmostEquals(wrong * share(wrong * u), 2 * right * share(-right * u), 1e-15);
  const { before, after } = calibration.validation;
  assert(after.negativeLogLikelihood < before.negativeLogLikelihood);
  const [, test] = RECORD.evaluations;
  const unfitted = { ...RECORD, evaluations: test === undefined ? [] : [test] };
  assertEquals(summarizeRun(unfitted).calibration, undefined);
});

Deno.test("decodeRun() reads a summary.json without calibration", () => {
  const files = new Map(encodeRun(RECORD));
  files.set("summary.json", utf8('{"test": {"accuracy": 1}, "parameters": 10, "epochs": 2}\n'));
  assertEquals(decodeRun(RECORD.run, files), RECORD);
});

Deno.test("encodeRun() gives bytes that must not change without a new format version", () => {
  const files = encodeRun(RECORD);
  const hash = (name: string) => sha256(files.get(name) ?? new Uint8Array()).slice(0, 16);
  assertEquals(hash("config.json"), "2dac1103a7dd7445");
  assertEquals(hash("metrics.jsonl"), "dd1039da512c67ba");
  assertEquals(hash("results.safetensors"), "1f06d7ab06b63e74");
});

Deno.test("encodeRun() rejects numbers that are not finite, and a split that occurs twice", () => {
  const epochs = [{ epoch: 1, step: 1, learningRate: 1, train: { loss: NaN, accuracy: 1 } }];
  assertThrows(() => encodeRun({ ...RECORD, epochs }), TypeError, "train.loss");
  const evaluations = [...RECORD.evaluations, ...RECORD.evaluations];
  assertThrows(
    () => encodeResults({ ...RECORD, evaluations }),
    TypeError,
    'received "validation" again',
  );
});

Deno.test("decodeRun() rejects missing, truncated and contradictory files", () => {
  const whole = encodeRun(RECORD);
  for (const name of RECORD_FILES) {
    const without = new Map(whole);
    without.delete(name);
    assertThrows(() => decodeRun("r", without), SyntaxError, `expected a file "${name}"`);
    const cut = new Map(whole).set(name, whole.get(name)?.slice(0, -2) ?? new Uint8Array());
    assertThrows(() => decodeRun("r", cut), SyntaxError, `"r/${name}"`);
  }
  const wrong = (name: string, content: string) =>
    decodeRun("r", new Map(whole).set(name, utf8(content)));
  assertThrows(() => wrong("metrics.jsonl", ""), SyntaxError, "expected 2 epochs: received 0");
  const [first = "", second = ""] = text(whole.get("metrics.jsonl")).split(/(?<=\n)/);
  assertThrows(() => wrong("metrics.jsonl", second + first), SyntaxError, "expected epoch 1");
  assertThrows(
    () => wrong("metrics.jsonl", first + second.replace("0.25}}", "2}}")),
    SyntaxError,
    'line 2 of "r/metrics.jsonl": expected another value at "validation.accuracy"',
  );
  assertThrows(
    () => wrong("summary.json", '{"parameters": 1.5, "epochs": 2}'),
    SyntaxError,
    "parameters",
  );
  assertThrows(
    () => decodeRun("r", new Map(whole).set("config.json", new Uint8Array([255]))),
    SyntaxError,
    "UTF-8",
  );
});

Deno.test("decodeResults() rejects tensors that are missing, of another type or inconsistent", () => {
  const bytes = encodeResults(AUGMENTED);
  const { tensors, metadata } = decodeSafetensors(bytes, "x");
  const changed = (
    name: string,
    replace: (typeof tensors extends ReadonlyMap<string, infer T> ? T : never) | undefined,
  ) => {
    const others = new Map([...tensors].filter(([key]) => key !== name));
    if (replace !== undefined) others.set(name, replace);
    return () => decodeResults(encodeSafetensors({ tensors: others, metadata }));
  };
  for (const name of tensors.keys()) assertThrows(changed(name, undefined), SyntaxError, name);
  const two = { shape: [2], data: new Float32Array(2) };
  assertThrows(
    changed("steps.learningRate", two),
    SyntaxError,
    "Float32Array [4]: received Float32Array [2]",
  );
  assertThrows(changed("test.labels", two), SyntaxError, "Uint16Array [2]: received Float32Array");
  assertThrows(
    changed("test.labels", { shape: [2], data: new Uint16Array([0, 2]) }),
    SyntaxError,
    'labels of "test" below 2: received 2',
  );
  assertThrows(
    changed("gallery.validation.values", { shape: [], data: new Uint8Array(1) }),
    SyntaxError,
    '"gallery.validation.values" of Uint8Array [1, ...shape]: received Uint8Array []',
  );
  for (const name of metadata.keys()) {
    if (name === "note") continue;
    for (const value of ["{", "3", '["banana", 3]']) {
      const other = new Map(metadata).set(name, value);
      assertThrows(
        () => decodeResults(encodeSafetensors({ tensors, metadata: other })),
        SyntaxError,
      );
    }
  }
});

const CHECKPOINT: Checkpoint = {
  position: { epoch: 2, step: 4 },
  state: new Map([
    ["parameters", new Float32Array([1, -0, 1e-40])],
    ["adam.mean", new Float32Array([])],
  ]),
  history: { ...emptyHistory(), epochs: RECORD.epochs, steps: RECORD.steps },
};

Deno.test("decodeCheckpoint() returns the argument of encodeCheckpoint(), bit for bit", () => {
  const bytes = encodeCheckpoint(CHECKPOINT);
  const found = decodeCheckpoint(bytes);
  assertEquals(found, CHECKPOINT);
  assert(Object.is(found.state.get("parameters")?.[1], -0));
  assertEquals(encodeCheckpoint(found), bytes);
  assertEquals(sha256(bytes).slice(0, 16), "e2e7f2e0506a9a98");
});

Deno.test("encodeCheckpoint() encodes the start of training as well", () => {
  const start: Checkpoint = {
    position: { epoch: 0, step: 0 },
    state: new Map([["parameters", new Float32Array([1])]]),
    history: emptyHistory(),
  };
  assertEquals(decodeCheckpoint(encodeCheckpoint(start)), start);
});

Deno.test("checkpoints are rejected if the history is not as long as the position says", () => {
  const off = { ...CHECKPOINT, position: { epoch: 2, step: 5 } };
  assertThrows(() => encodeCheckpoint(off), TypeError, "2 epochs and 5 steps: received 2, 4, 4");
  const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(CHECKPOINT), "x");
  for (
    const position of ['{"epoch":2,"step":5}', '{"epoch":1,"step":4}', '{"epoch":2}', "null", "{"]
  ) {
    const other = new Map(metadata).set("position", position);
    assertThrows(
      () => decodeCheckpoint(encodeSafetensors({ tensors, metadata: other })),
      SyntaxError,
      "Cannot read ",
    );
  }
});

Deno.test("decodeCheckpoint() rejects every flipped bit, every truncation and every additional byte", () => {
  const bytes = encodeCheckpoint(CHECKPOINT);
  for (let at = 0; at < bytes.length; at++) {
    assertThrows(() => decodeCheckpoint(bytes.slice(0, at)), SyntaxError, "Cannot read ");
    for (let bit = 0; bit < 8; bit++) {
      const flipped = bytes.slice();
      flipped[at] ^= 1 << bit;
      const error = assertThrows(() => decodeCheckpoint(flipped), SyntaxError);
      assertStringIncludes(error.message, "checkpoint");
    }
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  assertThrows(() => decodeCheckpoint(longer), SyntaxError);
});

Deno.test("decodeCheckpoint() rejects a checkpoint without a checksum unless a manifest verifies it", () => {
  const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(CHECKPOINT), "x");
  const older = new Map(metadata);
  older.delete("checksum");
  const bytes = encodeSafetensors({ tensors, metadata: older });
  assertThrows(
    () => decodeCheckpoint(bytes, { source: 'checkpoint "c"' }),
    SyntaxError,
    'Cannot read checkpoint "c": expected a checksum: received none',
  );
  assertEquals(decodeCheckpoint(bytes, { isVerified: true }), CHECKPOINT);
});

Deno.test("checkpointName() sorts like its steps", () => {
  assertEquals(checkpointName(640), "step-0000000640.safetensors");
  for (const step of [0, 1, 9_999_999_999, 10_000_000_000]) {
    assertEquals(checkpointStep(checkpointName(step)), step);
  }
  for (
    const name of [
      "",
      "step-1.safetensors",
      "step-0000000001.safetensors.tmp",
      ".step-0000000001.safetensors",
    ]
  ) {
    assertEquals(checkpointStep(name), undefined);
  }
});

const MODEL: Model = {
  parameters: new Map([
    ["dense1.bias", { shape: [2], data: new Float32Array([0.5, -0.5]) }],
    ["dense1.weight", { shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) }],
  ]),
  layers: [{ name: "dense", units: 2 }],
  classes: ["cat", "dog"],
  shape: [1, 3],
  normalization: { name: "standardize", shift: new Float32Array([1, 2, 3]), scale: 1 / 255 },
  encoding: "sparse8",
};

Deno.test("decodeModel() returns the argument of encodeModel()", () => {
  const bytes = encodeModel(MODEL);
  assertEquals(decodeModel(bytes), MODEL);
  assertEquals(sha256(bytes).slice(0, 16), "f4449e3863764862");
  const named = { ...MODEL, columns: ["width", "height, in mm", "width"] };
  assertEquals(decodeModel(encodeModel(named)), named);
});

Deno.test("decodeModel() returns the columns of a table, and rejects inconsistent ones", () => {
  const table: NonNullable<Model["table"]> = {
    width: 4,
    label: 3,
    missing: "mean",
    columns: [{ name: "age", index: 1, fill: Math.fround(0.1) }, {
      index: 2,
      categories: ["Bern", "Rome"],
    }],
  };
  const model = { ...MODEL, table };
  assertEquals(decodeModel(encodeModel(model)), model);
  const read = (changes: Partial<typeof table>) => () =>
    decodeModel(encodeModel({ ...model, table: { ...table, ...changes } }));
  assertThrows(
    read({ columns: table.columns.slice(0, 1) }),
    SyntaxError,
    "expected columns of a table that make 3 features: received 1",
  );
  assertThrows(read({ label: 4 }), SyntaxError, "below the width of the table");
  assertThrows(read({ width: 2 }), SyntaxError, "below the width of the table");
});

Deno.test("decodeModel() rejects a normalization that does not fit the samples, and unknown encodings", () => {
  const { tensors, metadata } = decodeSafetensors(encodeModel(MODEL), "x");
  const read = (changes: readonly (readonly [string, string])[]) =>
    decodeModel(encodeSafetensors({ tensors, metadata: new Map([...metadata, ...changes]) }));
  assertThrows(
    () => read([["shape", "[4]"]]),
    SyntaxError,
    '"normalization.shift" of Float32Array [4]',
  );
  assertThrows(() => read([["encoding", "striped"]]), SyntaxError, "expected another value");
  assertThrows(() => read([["classes", "[1]"]]), SyntaxError, "expected another value");
});

const MANIFEST: Manifest = {
  run: RECORD.run,
  format: 1,
  backend: "exact",
  versions: { deno: "2.9.6" },
  machine: { workers: 1 },
  started: "2026-01-01T00:00:00.000Z",
  finished: "2026-01-01T00:00:09.000Z",
  data: [{ file: "train-images", sha256: "a".repeat(64) }],
  files: hashFiles(encodeRun(RECORD)),
};

Deno.test("decodeManifest() returns the argument of encodeManifest()", () => {
  assertEquals(decodeManifest(encodeManifest(MANIFEST)), MANIFEST);
});

Deno.test("decodeManifest() rejects missing and unknown fields, and invalid hashes", () => {
  const broken = (change: object) => encodeManifest({ ...MANIFEST, ...change });
  assertThrows(() => decodeManifest("{}"), SyntaxError, '"run"');
  assertThrows(() => decodeManifest(""), SyntaxError, "received nothing");
  assertThrows(() => decodeManifest(broken({ format: 0 })), SyntaxError, '"format"');
  const files = [{ path: "a", bytes: 1, sha256: "xyz" }];
  assertThrows(() => decodeManifest(broken({ files })), SyntaxError, '"files.0.sha256"');
  const extra = encodeManifest(MANIFEST).replace("{", '{ "x": 1,');
  assertThrows(() => decodeManifest(extra), SyntaxError, '"x"');
});

Deno.test("changedFiles() names the files that are missing or differ from the manifest", () => {
  const files = encodeRun(RECORD);
  assertEquals(MANIFEST.files.map(({ path }) => path), [...RECORD_FILES].sort());
  assertEquals(changedFiles(MANIFEST, files), []);
  const damaged = new Map<string, Uint8Array>(files).set("metrics.jsonl", utf8("{}\n"));
  damaged.delete("summary.json");
  assertEquals(changedFiles(MANIFEST, damaged), ["metrics.jsonl", "summary.json"]);
});

Deno.test("decodeModel() rejects layers that its parameters do not fit, before it uses any of them", () => {
  const { tensors, metadata } = decodeSafetensors(encodeModel(MODEL), "x");
  const many = Array.from({ length: 1001 }, () => ({ name: "relu" }));
  const deep = `${'[{"name":"residual","layers":'.repeat(2000)}[]${"}]".repeat(2000)}`;
  const hostile: readonly (readonly [changes: Record<string, unknown>, message: string])[] = [
    [{ layers: [{ name: "residual" }] }, 'at "0.layers"'],
    [{ layers: [{ name: "residual", layers: [{ name: "residual", layers: [] }] }] }, 'at "0.'],
    [{ layers: deep }, 'at "0.'],
    [{ layers: [] }, "expected another value"],
    [{ layers: many }, "expected another value"],
    [{ layers: [{ name: "__proto__" }] }, 'at "0.name"'],
    [{ layers: [{ name: "constructor", units: 2 }] }, 'at "0.name"'],
    [{ layers: [{ name: "dense", units: 1e9 }] }, "expected a last layer of 2 outputs"],
    [{ layers: [{ name: "dense", units: 1.5 }] }, 'at "0.units"'],
    [{ layers: [{ name: "dense", units: "classes" }] }, "expected layers that fit"],
    [{ layers: [{ name: "dense", units: 7 }, { name: "dense", units: 2 }] }, "of [3, 7]"],
    [{ layers: [{ name: "relu" }, { name: "dense", units: 2 }, { name: "batchNorm" }] }, "batchN"],
    [{ layers: [{ name: "relu" }] }, "expected a last layer of 2 outputs"],
    [{ shape: [3, 1_000_000_000] }, "normalization.shift"],
    [{ classes: ["one"] }, "expected a last layer of 1 outputs"],
  ];
  for (const [changes, message] of hostile) {
    const texts = Object.entries(changes).map(([key, value]) =>
      [key, typeof value === "string" ? value : JSON.stringify(value)] as const
    );
    const bytes = encodeSafetensors({ tensors, metadata: new Map([...metadata, ...texts]) });
    assertThrows(
      () => decodeModel(bytes),
      SyntaxError,
      message,
      JSON.stringify(changes).slice(0, 99),
    );
  }
  const unscaled = { ...MODEL, normalization: { name: "unit", shift: 0, scale: 1 } };
  assertThrows(
    () => decodeModel(encodeModel({ ...unscaled, shape: [3, 1_000_000_000] })),
    SyntaxError,
    'expected tensor "dense1.weight" of [3000000000, 2]: received [3, 2]',
  );
  const more = new Map([...MODEL.parameters, ["dense2.bias", {
    shape: [0],
    data: new Float32Array(),
  }]]);
  assertThrows(
    () => decodeModel(encodeModel({ ...MODEL, parameters: more })),
    SyntaxError,
    'expected parameters of its layers alone: received "dense2.bias"',
  );
});
