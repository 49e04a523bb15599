import { assertEquals } from "@std/assert";
import { describeFirstDifference } from "../../../lib/analysis/reproduce/first_difference.ts";
import {
  compareReproduction,
  type FinishedFiles,
  formatReproduction,
  isReproduced,
} from "../../../lib/analysis/reproduce/comparison.ts";
import { encodeSafetensors } from "../../../lib/run/codec/safetensors.ts";
import { hashFiles, type Manifest } from "../../../lib/run/manifest.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const model = (change: (data: Float32Array<ArrayBuffer>) => void = () => {}, shape = [2, 3]) => {
  const data = Float32Array.of(0, 1, 2, 3, 4, 5);
  change(data);
  const metadata = new Map([["classes", '["a","b"]']]);
  return encodeSafetensors({ tensors: new Map([["dense1.weight", { shape, data }]]), metadata });
};

const metrics = (loss: number) =>
  utf8(`{"epoch":1,"train":{"loss":0.5}}\n{"epoch":2,"train":{"loss":${loss}}}\n`);

/** A made-up run of some files, made in an environment. */
function finished(
  files: Readonly<Record<string, Uint8Array>>,
  about: Partial<Manifest> = {},
): FinishedFiles {
  const contents = new Map(Object.entries(files));
  const manifest: Manifest = {
    run: "a-0123456789",
    format: 3,
    backend: "exact",
    versions: { "ann-mlp": "0.1.0", deno: "2.9.6" },
    machine: { system: "linux", architecture: "x86_64", processors: 2, workers: 2 },
    started: "",
    finished: "",
    data: [],
    files: hashFiles(contents),
    ...about,
  };
  return { manifest, files: contents };
}

const FILES = {
  "config.json": utf8('{"name":"a","seed":1}'),
  "metrics.jsonl": metrics(0.25),
  "model.safetensors": model(),
  "report.svg": utf8("<svg>a</svg>"),
};

/** Returns the lines printed below the table of files. */
function told(expected: FinishedFiles, found: FinishedFiles): readonly string[] {
  const lines = formatReproduction(compareReproduction(expected, found));
  return lines.slice(lines.indexOf("") + 1);
}

Deno.test("compareReproduction() reports equal runs as equal, for any number of workers", () => {
  const machine = { system: "linux", architecture: "x86_64", processors: 8, workers: 7 };
  const same = compareReproduction(finished(FILES), finished(FILES, { machine }));
  assertEquals(isReproduced(same), true);
  assertEquals(formatReproduction(same).slice(-2), ["", "same bytes in 4 of 4 files"]);
});

Deno.test("formatReproduction() reports a changed seed, and the first differences of metrics and model", () => {
  const found = finished({
    ...FILES,
    "config.json": utf8('{"name":"a","seed":2}'),
    "metrics.jsonl": metrics(0.3),
    "model.safetensors": model((data) => data[4] = 4.5),
  });
  assertEquals(told(finished(FILES), found), [
    "config.json: seed: expected 1, found 2",
    "metrics.jsonl: epoch 2: train.loss: expected 0.25, found 0.3",
    'model.safetensors: tensor "dense1.weight" [2, 3]: element [1, 1]: expected 4, found 4.5: ' +
    "differing elements: 1 of 6",
    "same bytes in 1 of 4 files",
    "the configs differ, so these are different trainings",
  ]);
});

Deno.test("formatReproduction() distinguishes another version, another environment and forged files", () => {
  const other = finished({ ...FILES, "model.safetensors": model((data) => data[0] = 9) });
  const last = (about: Partial<Manifest>) => told(finished(FILES, about), other).slice(1);
  assertEquals(last({ format: 2, versions: { "ann-mlp": "0.0.9", deno: "2.9.6" } }), [
    "environment: format: expected 2, found 3",
    "environment: ann-mlp: expected 0.0.9, found 0.1.0",
    "same bytes in 3 of 4 files",
    "training differs: the run was made by another version of the program, whose numbers differ",
  ]);
  assertEquals(last({ versions: { "ann-mlp": "0.1.0", deno: "3.0.0" } }), [
    "environment: deno: expected 3.0.0, found 2.9.6",
    "same bytes in 3 of 4 files",
    "training differs: the environments differ, but no bit should depend on them: please report it",
  ]);
  assertEquals(last({}), [
    "same bytes in 3 of 4 files",
    "training differs: config, data and environment agree: the run's files are not the result of its config",
  ]);
});

Deno.test("formatReproduction() reports equal learned numbers if only drawings differ", () => {
  const { "report.svg": _, ...bare } = FILES;
  const older = finished({ ...FILES, "report.svg": utf8("<svg>b</svg>") }, { format: 2 });
  assertEquals(told(older, finished(FILES)), [
    "report.svg: from byte 5 of 12",
    "environment: format: expected 2, found 3",
    "same bytes in 3 of 4 files",
    "the learned numbers are the same: only names and drawings differ: another version of the program " +
    "wrote them",
  ]);
  const { files } = compareReproduction(finished(bare), finished(FILES));
  assertEquals(files.at(-1)?.expected, undefined); // a file that the run does not have
});

Deno.test("describeFirstDifference() names tensors, shapes, metadata, lines and bytes, also of damaged files", () => {
  const cases = [
    [
      "model.safetensors",
      model(),
      model(undefined, [3, 2]),
      'tensor "dense1.weight" [2, 3]: found one of shape [3, 2]',
    ],
    ["model.safetensors", model(), utf8("x"), "from byte 0 of 144: one of them is damaged"],
    [
      "metrics.jsonl",
      metrics(1),
      utf8('{"epoch":1,"train":{"loss":0.5}}\n'),
      "epoch 2: found none",
    ],
    [
      "suspicious.jsonl",
      utf8('{"row":1}\n'),
      utf8('{"row":2}\n'),
      "line 1: row: expected 1, found 2",
    ],
    ["summary.json", utf8('{"a":[1,2]}'), utf8('{"a":[1]}'), "a[1]: expected 2, found nothing"],
    ["charts/loss.svg", utf8("abc"), utf8("abcd"), "from byte 3 of 3"],
  ] as const;
  for (const [path, expected, found, words] of cases) {
    assertEquals(describeFirstDifference(path, expected, found), words);
  }
  const zero = model((data) => data[0] = -0);
  assertEquals(
    describeFirstDifference("model.safetensors", model(), zero),
    'tensor "dense1.weight" [2, 3]: element [0, 0]: expected 0, found -0: differing elements: 1 of 6',
  );
});
