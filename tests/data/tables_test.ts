/** The data sets csv and npz, and samples in any format. */
import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Dataset } from "../../lib/data/dataset.ts";
import { csv, type CsvTableOptions } from "../../lib/data/datasets/csv.ts";
import { type FeaturesOptions, readSamples } from "../../lib/data/datasets/features.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { npz, type NpzOptions } from "../../lib/data/datasets/npz.ts";
import { storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { writeIdx } from "../../lib/data/formats/idx.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { npy, npzOf } from "./formats/npy.ts";

const encoded = (text: string) => new TextEncoder().encode(text);

function loadCsv(
  tables: readonly string[],
  options: Partial<CsvTableOptions> = {},
): Promise<Dataset> {
  const [test] = tables.slice(1).map(() => "test.csv");
  const source = csv({ path: "train.csv", test, label: -1, delimiter: ",", ...options });
  assertEquals(source.files.length, tables.length);
  return source.load(
    tables.map((text, i) => storedFileFromBytes(encoded(text), source.files[i]?.path ?? "")),
  );
}

const TABLE = "x,y,kind\n1,2,b\n3,4,a\n5,6,b\n";

Deno.test("csv loads features, labels, classes and hashes", async () => {
  const { name, classes, columns, train, test, hashes } = await loadCsv([TABLE]);
  assertEquals([name, classes, test], ["csv", ["a", "b"], undefined]);
  assertEquals([train.count, train.shape, [...train.values]], [3, [2], [1, 2, 3, 4, 5, 6]]);
  assertEquals([...train.labels], [1, 0, 1]);
  assertEquals(columns, ["x", "y"]);
  assertEquals(hashes, [{ file: "table", sha256: sha256(encoded(TABLE)) }]);
});

Deno.test("csv loads test samples with the same columns, classes in a given order, and a shape", async () => {
  const options = { classes: ["b", "c", "a"], shape: [2, 1] };
  const test = "x,y,kind\n7,0.5,c\n";
  const dataset = await loadCsv([TABLE, test], options);
  assertEquals(dataset.classes, ["b", "c", "a"]);
  assertEquals([...dataset.train.labels, ...dataset.test?.labels ?? []], [0, 2, 0, 1]);
  assertEquals([dataset.train.shape, dataset.test?.shape], [[2, 1], [2, 1]]);
  // a network that reads 8 bits could not read the test samples
  assertEquals(dataset.train.values instanceof Float32Array, true);
  assertEquals([...dataset.test?.values ?? []], [7, 0.5]);
  assertEquals(dataset.hashes.map(({ file }) => file), ["table", "test"]);
  const numbers = await loadCsv(["1,10\n2,9\n3,10\n"]);
  assertEquals([numbers.classes, [...numbers.train.labels]], [["9", "10"], [1, 0, 1]]);
  assertEquals(numbers.columns, undefined);
});

Deno.test("csv rejects tables that are inconsistent with each other or the options", async () => {
  const cases: readonly (readonly [readonly string[], Partial<CsvTableOptions>, string])[] = [
    [
      [TABLE],
      { shape: [3, 1] },
      'TypeError: Cannot read "train.csv": expected a shape whose product is 2, the number of features: received [3, 1]',
    ],
    [
      [TABLE],
      { classes: ["aa", "b"] },
      'RangeError: Cannot read "train.csv", line 3: expected as label one of the classes "aa", "b": received "a": did you mean "aa"?',
    ],
    [
      [TABLE.replace("4,a", "4,setoza")],
      { classes: ["b", "setosa"] },
      'RangeError: Cannot read "train.csv", line 3: expected as label one of the classes "b", "setosa": received "setoza": did you mean "setosa"?',
    ],
    [
      [TABLE, "x,y,kind\n1,2,c\n"],
      {},
      'RangeError: Cannot read "test.csv", line 2: expected as label one of the classes "a", "b": received "c"',
    ],
    [
      [TABLE, "x,kind\n1,a\n"],
      {},
      'TypeError: Cannot read "test.csv": expected 2 columns of features, as in "train.csv": received 1',
    ],
    [
      [TABLE, "y,x,kind\n1,2,a\n"],
      {},
      'TypeError: Cannot read "test.csv": expected a column "x", as in "train.csv": received "y"',
    ],
  ];
  for (const [tables, options, message] of cases) {
    const error = await assertRejects(() => loadCsv(tables, options), Error);
    assertEquals(`${error.name}: ${error.message}`, message);
  }
});

Deno.test("csv expects the index of a column if columns have no names", () => {
  const accepts = (options: object) =>
    datasets.schema.safeParse({ name: "csv", path: "a", ...options }).success;
  assertEquals(accepts({}), true);
  assertEquals(accepts({ label: "kind" }), true);
  assertEquals(accepts({ label: 0, header: false, delimiter: "\t", shape: [8, 8] }), true);
  assertEquals(accepts({ label: "kind", header: false }), false);
  assertEquals(accepts({ label: 1.5 }), false);
  assertEquals(accepts({ delimiter: "|" }), false);
  assertEquals(accepts({ shape: [] }), false);
  assertEquals(accepts({ classes: [] }), false);
});

const IMAGES = npy([3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6));
const LABELS = npy([3], Uint8Array.of(2, 0, 1));

function loadNpz(
  arrays: Readonly<Record<string, Uint8Array>>,
  options: Partial<NpzOptions> = {},
): Promise<Dataset> {
  return npz({ path: "a.npz", ...options }).load([storedFileFromBytes(npzOf(arrays), "a.npz")]);
}

Deno.test("npz loads arrays by the usual names, by given names, or the only ones", async () => {
  const cases: readonly (readonly [Readonly<Record<string, Uint8Array>>, Partial<NpzOptions>])[] = [
    [{ x_train: IMAGES, y_train: LABELS }, {}],
    [{ x_train: IMAGES, y_train: LABELS, x_test: LABELS }, {}], // no y_test
    [{ anything: LABELS, pixels: IMAGES }, {}],
    [{ a: LABELS, b: npy([3], Uint8Array.of(9, 9, 9)), c: IMAGES }, { labels: "a" }],
    [{ a: IMAGES, b: LABELS, c: IMAGES }, { features: "c", labels: "b" }],
    [{ x: IMAGES, y: npy([3, 1], Float64Array.of(2, 0, 1)) }, {}],
  ];
  for (const [arrays, options] of cases) {
    const { name, classes, train, test } = await loadNpz(arrays, options);
    assertEquals([name, classes, test], ["npz", ["0", "1", "2"], undefined]);
    assertEquals([train.shape, [...train.values], [...train.labels]], [
      [1, 2],
      [1, 2, 3, 4, 5, 6],
      [2, 0, 1],
    ]);
    assertEquals(train.values instanceof Uint8Array, true);
    assertEquals(train.values.buffer instanceof SharedArrayBuffer, true);
  }
});

Deno.test("npz loads test samples by the usual or given names, and names of classes", async () => {
  const tested = {
    x_test: npy([1, 1, 2], Uint8Array.of(7, 8)),
    y_test: npy([1], Uint8Array.of(1)),
  };
  const usual = await loadNpz(
    { x_train: IMAGES, y_train: LABELS, ...tested },
    { classes: ["a", "b", "c", "d"] },
  );
  assertEquals([[...usual.test?.values ?? []], [...usual.test?.labels ?? []]], [[7, 8], [1]]);
  assertEquals(usual.classes, ["a", "b", "c", "d"]);
  const named = await loadNpz(
    { p: IMAGES, q: LABELS, r: tested.x_test, s: tested.y_test },
    { testFeatures: "r", testLabels: "s" }, // so that p and q are the only ones left
  );
  assertEquals(named.test, usual.test);
});

Deno.test("npz reports the existing arrays if arrays are missing, too many or wrong", async () => {
  const doubles = npy([3, 2], Float64Array.of(1, 2, 3, NaN, 5, 6));
  const cases:
    readonly (readonly [Readonly<Record<string, Uint8Array>>, Partial<NpzOptions>, string])[] = [
      [
        { a: IMAGES, b: IMAGES, y: LABELS },
        {},
        'RangeError: Cannot read "a.npz": expected an array "x_train", or only one of 2 or more dimensions, or its name as "features" in the config: received "a" u8 [3, 1, 2], "b" u8 [3, 1, 2], "y" u8 [3]',
      ],
      [
        { x_train: IMAGES },
        {},
        'RangeError: Cannot read "a.npz": expected an array "y_train", or only one of 1 dimension, or its name as "labels" in the config: received "x_train" u8 [3, 1, 2]',
      ],
      [
        { x: IMAGES, y: LABELS },
        { features: "X" },
        'RangeError: Cannot read "a.npz": expected one of its arrays "x", "y": received "X"',
      ],
      [
        { x: doubles, y: LABELS },
        {},
        'RangeError: Cannot read "a.npz: x": expected finite 32-bit numbers: received NaN as feature 1 of sample 1',
      ],
      [
        { x: IMAGES, y: npy([3], Float64Array.of(0, 0.5, 1)) },
        {},
        'TypeError: Cannot read "a.npz: y": expected labels, integers of 1 dimension: received f64 of shape [3]',
      ],
      [
        { x: IMAGES, y: npy([2], Uint8Array.of(0, 1)) },
        {},
        'TypeError: Cannot read "a.npz: y": expected 3 labels, one for each sample of "a.npz: x": received 2',
      ],
      [
        { x: IMAGES, y: LABELS },
        { classes: ["a"] },
        'RangeError: Cannot read "a.npz: y": expected labels from 0 to 0, the number of classes less 1: received 2 for sample 0',
      ],
    ];
  for (const [arrays, options, message] of cases) {
    const error = await assertRejects(() => loadNpz(arrays, options), Error);
    assertEquals(`${error.name}: ${error.message}`, message);
  }
});

Deno.test("readSamples() recognizes formats by their first bytes, compressed or not", async () => {
  const options: FeaturesOptions = {
    shape: [1, 2],
    table: { delimiter: ",", decimal: ".", label: "kind" },
    arrays: ["wanted", "x_test"],
  };
  const values = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const files: Readonly<Record<string, Uint8Array>> = {
    idx: writeIdx({ type: "u8", shape: [3, 1, 2], values }),
    csv: encoded(TABLE),
    "csv without labels": encoded("1,2\n3,4\n5,6"),
    npy: IMAGES,
    "npz by name": npzOf({ x_train: npy([1, 1], Uint8Array.of(0)), x_test: IMAGES }),
    "npz by rank": npzOf({ y: LABELS, x: IMAGES }),
  };
  for (const [name, bytes] of Object.entries(files)) {
    // a zip archive is packed already
    const packed = name.startsWith("npz") ? bytes : new Uint8Array(gzipSync(bytes));
    for (const content of [bytes, packed]) {
      const open = () => Promise.resolve(storedFileFromBytes(content, name));
      const { count, shape, values: read } = await readSamples(open, options);
      assertEquals([count, shape, [...read]], [3, [1, 2], [...values]], name);
    }
  }
});
