/** Tables with categories, gaps, decimal commas and columns of no use, and how features are made of them. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Dataset, Splits, TableEncoding } from "../../lib/data/dataset.ts";
import { csv, type CsvTableOptions } from "../../lib/data/datasets/csv.ts";
import { readEncodedSamples } from "../../lib/data/datasets/raw.ts";
import { featureNames } from "../../lib/data/encode/encode.ts";
import { encodeRow, type TableRow } from "../../lib/data/encode/encoding.ts";
import { detectDialect } from "../../lib/data/formats/dialect.ts";
import { storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { split } from "../../lib/data/split/split.ts";

const stored = (text: string, name = "t.csv") =>
  storedFileFromBytes(new TextEncoder().encode(text), name);

function load(
  text: string,
  options: Partial<CsvTableOptions> = {},
  test?: string,
): Promise<Dataset> {
  const files = [stored(text), ...(test === undefined ? [] : [stored(test, "test.csv")])];
  return csv({ path: "t.csv", ...(test === undefined ? {} : { test: "test.csv" }), ...options })
    .load(files);
}

/** Features of a split row by row. */
function rowsOf(
  { samples: { values, shape: [features] }, rows }: Splits["train"],
): readonly number[][] {
  return Array.from(rows, (row) => [...values.subarray(row * features, (row + 1) * features)]);
}

const PEOPLE = `id,age,town,kind
1,20,Rome,a
2,,Bern,b
3,40,Rome,a
4,30,?,b
`;

Deno.test("csv encodes numbers and categories as features, and fills in missing values", async () => {
  const dataset = await load(PEOPLE, { ignore: ["id"], missing: "mean" });
  const splits = split(dataset, { validation: 0, seed: 1 });
  assertEquals(featureNames(dataset, splits), ["age", "town = Bern", "town = Rome"]);
  assertEquals(rowsOf(splits.train), [[20, 0, 1], [30, 1, 0], [40, 0, 1], [30, 0, 0]]);
  assertEquals(dataset.found, { delimiter: ",", decimal: ".", categorical: ["town"] });
  assertEquals(splits.train.samples.encoded, {
    width: 4,
    label: 3,
    missing: "mean",
    columns: [
      { name: "age", index: 1, fill: 30 },
      { name: "town", index: 2, categories: ["Bern", "Rome"] },
    ],
  });
});

Deno.test("csv drops rows with missing values, or fills in the median", async () => {
  const dropped = await load(PEOPLE, { columns: ["town", "age"], missing: "drop" });
  const splits = split(dropped, { validation: 0, seed: 1 });
  assertEquals(rowsOf(splits.train), [[20, 1], [40, 1]]); // in the order of the table
  assertEquals(dropped.classes, ["a"]);
  assertEquals(dropped.note, "2 rows of the table were left out, since a value is missing");
  const text = "x,kind\n1,a\n2,a\n9,b\n100,b\nNA,b\n";
  const filled = split(await load(text, { missing: "median" }), { validation: 0, seed: 1 });
  assertEquals(rowsOf(filled.train).at(-1), [5.5]);
});

Deno.test("csv fits fills and categories on the training split alone", async () => {
  const table = (held: (row: number) => string) =>
    "x,town,kind\n" +
    Array.from(
      { length: 40 },
      (_, row) => `${held(row)},${row % 2 === 0 ? "a" : "b"}`,
    ).join("\n");
  const first = (row: number) => `${row === 5 ? "" : row / 4},${["Rome", "Bern", "Oslo"][row % 3]}`;
  const cut = async (text: string) =>
    split(await load(text, { missing: "mean" }), { validation: 0.25, test: 0.25, seed: 3 });
  const splits = await cut(table(first));
  const learnt = new Set(splits.train.rows);
  const other = await cut(table((row) => learnt.has(row) ? first(row) : `${1e6 + row},Atlantis`));
  assertEquals([...other.train.rows], [...splits.train.rows]);
  assertEquals(other.train.samples.encoded, splits.train.samples.encoded);
  assertEquals(rowsOf(other.train), rowsOf(splits.train));
  assertEquals(rowsOf(other.test as Splits["train"])[0].slice(1), [0, 0, 0]);
});

Deno.test("csv encodes test samples of another table as on the training split", async () => {
  const dataset = await load(
    PEOPLE,
    { ignore: [0], missing: "mean" },
    `id,age,town,kind
9,,Oslo,b
8,7,Bern,a
`,
  );
  const { test } = split(dataset, { validation: 0, seed: 1 });
  assertEquals(rowsOf(test as Splits["train"]), [[30, 0, 0], [7, 1, 0]]);
});

Deno.test("csv keeps whole numbers of used columns in 8 bits, with a shape", async () => {
  const text = "id,a,b,c,d,kind\nx1,0,1,2,255,u\nx2,4,5,6,7,v\n";
  const { train } = split(await load(text, { ignore: ["id"], shape: [2, 2] }), {
    validation: 0,
    seed: 1,
  });
  assertEquals([train.samples.values instanceof Uint8Array, train.samples.shape], [true, [2, 2]]);
  assertEquals([...train.samples.values], [0, 1, 2, 255, 4, 5, 6, 7]);
});

Deno.test("detectDialect() finds delimiter and decimal mark", async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a,b\n1,2\n", ",", "."],
    ["a;b;k\n1,5;2;x\n2,5;3;y\n", ";", ","],
    ["1,5;2,5;x\n2,5;3,5;y\n", ";", ","],
    ["a;b\n1.5;2\n", ";", "."],
    ['"a;b"\tk\n"1;2"\tx\n', "\t", "."],
    ["1,2,a\n3,b\n", ",", "."],
    ["", ",", "."],
  ];
  for (const [text, delimiter, decimal] of cases) {
    assertEquals(await detectDialect(stored(text), {}), { delimiter, decimal }, text);
  }
  assertEquals(await detectDialect(stored("1;2\n"), { delimiter: "\t", decimal: "," }), {
    delimiter: "\t",
    decimal: ",",
  });
});

Deno.test("readEncodedSamples() reads raw rows by the names or the order of columns", async () => {
  const dataset = await load(PEOPLE, { ignore: ["id"], missing: "mean" });
  const { encoded } = split(dataset, { validation: 0, seed: 1 }).train.samples;
  const read = (text: string) =>
    readEncodedSamples(
      stored(text),
      { delimiter: ",", decimal: ".", label: -1 },
      encoded as NonNullable<typeof encoded>,
    );
  const expected = [50, 0, 1, 30, 1, 0];
  for (
    const text of [
      "id,age,town,kind\n7,50,Rome,b\n8,?,Bern,a\n",
      "id,age,town\n7,50,Rome\n8,,Bern\n",
      "town,other,age\nRome,x,50\nBern,y,NA\n",
      "7,50,Rome,b\n8,nan,Bern,a\n",
      "7,50,Rome\n8,N/A,Bern\n",
    ]
  ) {
    const { values, labels, warnings } = await read(text);
    assertEquals([[...values], warnings], [expected, []], text);
    assertEquals(labels, /,[ab]\n$/.test(text) ? ["b", "a"] : undefined);
  }
  const { values, warnings } = await read("age,town\n50,Oslo\n");
  assertEquals([...values], [50, 0, 0]);
  assertEquals(warnings, [
    'column "town": "Oslo" was in no training row, and counts as no category',
  ]);
  await assertRejects(
    () => read("age,city\n1,Rome\n"),
    TypeError,
    'expected a column "town", as in training: received the columns "age", "city"',
  );
  await assertRejects(() => read("1,2\n"), TypeError, "expected 4 columns, as in training, or 3");
});

Deno.test("csv reports the remedy for tables that it cannot read", async () => {
  const many = (value: (row: number) => string) =>
    Array.from({ length: 30 }, (_, row) => `${value(row)},${row % 2}`).join("\n");
  const cases: readonly (readonly [string, Partial<CsvTableOptions>, string])[] = [
    [
      "x,y,k\n1,2,a\n3,,b\n",
      {},
      '"t.csv", line 3, column "y": expected a value: received nothing: set "missing" to "mean", ' +
      '"median" or "drop" in the options of the data set',
    ],
    [
      "x,y,k\n1,2,a\n3,4x,b\n5,6,b\n",
      {},
      '"t.csv", line 3, column "y": expected a number: received "4x": correct it, or name the column in ' +
      '"ignore" or "categorical"',
    ],
    [
      `name,k\n${many((row) => `n${row}`)}`,
      {},
      '"t.csv", column "name": expected a category: received 30 different texts in 30 rows: leave it ' +
      'out by "ignore": ["name"], or name all columns of texts in "categorical"',
    ],
    [
      `My people\n${PEOPLE}`,
      { missing: "mean" },
      '"t.csv", line 2: expected 1 fields, as in line 1: received 4: if line 1 is not a line of the table, ' +
      "delete it",
    ],
    [
      PEOPLE,
      { ignore: ["idd"], missing: "mean" },
      '"t.csv": expected the name of a column: received "idd": did you mean "id"?',
    ],
    [
      `x,price\n${Array.from({ length: 30 }, (_, row) => `1,${row}.5`).join("\n")}`,
      {},
      '"t.csv": expected a class as label of each sample: received 30 distinct numbers in 30 rows, ' +
      "which looks like regression, but only classification is supported; if they are classes, list them " +
      'in "classes"',
    ],
  ];
  for (const [text, options, message] of cases) {
    const error = await assertRejects(() => load(text, options), Error);
    assertEquals(error.message, `Cannot read ${message}`);
  }
  const gap = await load("x,y,k\n,1,a\n,2,a\n3,4,b\n5,6,b\n", { missing: "mean" });
  const rows = Uint32Array.of(0, 1);
  assertThrows(
    () =>
      split({ ...gap, train: { ...gap.train, values: gap.train.values.fill(NaN) } }, {
        validation: 0,
        seed: rows[1],
      }),
    RangeError,
    'Cannot encode column "x": expected at least 1 value in the training split',
  );
});

Deno.test("encodeRow() encodes a raw row like the same row of the table", async () => {
  const dataset = await load(PEOPLE, { ignore: ["id"], missing: "mean" });
  const splits = split(dataset, { validation: 0, seed: 1 });
  const { encoded } = splits.train.samples;
  const rows = [
    { age: 20, town: "Rome" },
    { age: null, town: "Bern", id: 2 },
    { age: 40, town: "Rome" },
    { age: 30, town: "?" },
  ];
  const found = rows.map((row) => [...encodeRow(encoded as TableEncoding, row)]);
  assertEquals(Array.from(splits.train.rows, (row) => found[row]), rowsOf(splits.train));
  assertEquals([...encodeRow(encoded as TableEncoding, { age: NaN, town: "Oslo" })], [30, 0, 0]);
});

Deno.test("encodeRow() rejects missing columns, texts for numbers, and missing values without a fill", () => {
  const columns = [{ index: 0, name: "age" }, { index: 2, categories: ["a", "b"] }];
  const cases: readonly (readonly [TableRow, typeof TypeError | typeof RangeError, string])[] = [
    [
      { age: 1 },
      TypeError,
      "expected in column 2 a value, or null where it is missing: received none",
    ],
    [{ age: "1", 2: "a" }, TypeError, 'expected in column "age" a number: received "1"'],
    [
      { age: "NA", 2: "a" },
      RangeError,
      'expected in column "age" a value, as the model fills none',
    ],
  ];
  for (const [row, kind, message] of cases) {
    assertThrows(() => encodeRow({ columns }, row), kind, `Cannot encode a row: ${message}`);
  }
  assertEquals([...encodeRow({ columns }, { age: 1.5, 2: "b" })], [1.5, 0, 1]);
});
