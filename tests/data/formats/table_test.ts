import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { sortClassNames } from "../../../lib/data/formats/classes.ts";
import { storedFileFromBytes } from "../../../lib/data/formats/gzip.ts";
import { createRowCollector } from "../../../lib/data/formats/rows.ts";
import { sha256 } from "../../../lib/data/sha256.ts";
import { readTable, type SampleTable, type TableOptions } from "../../../lib/data/formats/table.ts";

const stored = (content: string | Uint8Array) =>
  storedFileFromBytes(
    typeof content === "string" ? new TextEncoder().encode(content) : content,
    "t.csv",
  );

function read(
  content: string | Uint8Array,
  options: Partial<TableOptions> = {},
): Promise<SampleTable> {
  return readTable(stored(content), { delimiter: ",", label: -1, ...options });
}

/** The features row by row. */
function rowsOf({ count, features, values }: SampleTable): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, row) => [
    ...values.subarray(row * features, (row + 1) * features),
  ]);
}

function labelsOf({ labels }: SampleTable): readonly (string | undefined)[] {
  return Array.from(labels?.indices ?? [], (index) => labels?.texts[index]);
}

Deno.test("readTable() separates features and labels, whatever the column of labels", async () => {
  const cases: readonly (readonly [string, Partial<TableOptions>])[] = [
    ["1,2,a\n3,4,b\n", {}],
    ["a,1,2\nb,3,4", { label: 0 }],
    ["1,a,2\n3,b,4\n", { label: 1 }],
    ["1,a,2\n3,b,4\n", { label: -2 }],
    ["x,y,kind\n1,2,a\n3,4,b\n", {}],
    ["x,kind,y\r\n1,a,2\r\n3,b,4", { label: "kind" }],
    ["1;2;a\n3;4;b\n", { delimiter: ";" }],
    ["1\t2\ta\n3\t4\tb\n", { delimiter: "\t" }],
    ["1,2,kind\n1,2,a\n3,4,b\n", { header: true }],
    ['" 1 ", 2 ,"a"\n3,4, b', { header: false }],
  ];
  for (const [text, options] of cases) {
    const table = await read(text, options);
    assertEquals([rowsOf(table), labelsOf(table)], [[[1, 2], [3, 4]], ["a", "b"]], text);
    assertEquals(table.sha256, sha256(new TextEncoder().encode(text)));
  }
});

Deno.test("readTable() uses the first line as names unless it is a row, valid or not", async () => {
  const namesOf = async (first: string) => (await read(`${first}\n1,2,a\n`)).names;
  assertEquals(await namesOf("x,y,kind"), ["x", "y"]);
  assertEquals(await namesOf("1,y,kind"), ["1", "y"]);
  assertEquals(await namesOf("1,2,kind"), undefined);
  // what stands for a missing number names no column: the row is refused, not dropped
  for (const missing of ["", "NA", "nan", "?", "-inf"]) {
    await assertRejects(() => namesOf(`1,${missing},a`), SyntaxError, "line 1, field 2 of 3");
  }
  assertEquals((await read("x,y,1\n2,3,1\n", { label: "1" })).names, ["x", "y"]);
});

Deno.test("readTable() stores whole numbers from 0 to 255 in 8 bits, and others in 32", async () => {
  const eight = await read("0,255,a\n7,128,b\n");
  assertEquals(eight.values instanceof Uint8Array, true);
  assertEquals([...eight.values], [0, 255, 7, 128]);
  assertEquals(eight.values.buffer instanceof SharedArrayBuffer, true);
  for (const last of ["256", "-1", "0.5"]) {
    const { values } = await read(`0,255,a\n7,${last},b\n`);
    assertEquals(values instanceof Float32Array, true);
    assertEquals(values.buffer instanceof SharedArrayBuffer, true);
    assertEquals([...values], [0, 255, 7, Number(last)]);
  }
  const { values } = await read("0.1,1e-3,a\n");
  assertEquals([...values], [Math.fround(0.1), Math.fround(1e-3)]);
});

Deno.test("readTable() rejects a zero byte anywhere", async () => {
  const rows = "1,2,a\n".repeat(30_000);
  for (
    const [text, received] of [
      ["1,\0,a\n", "a file that begins with the bytes 31 2c 00 2c"],
      [`${rows}1,2,a\0\n`, "a zero as byte 180005"],
      [`${rows}"1,2\0,a\n`, "a zero as byte 180004"],
    ]
  ) {
    const { message } = await assertRejects(() => read(text), SyntaxError);
    assertEquals(message.split("expected ")[1], `a table as text: received ${received}`);
  }
});

Deno.test("readTable() keeps all rows while its first block grows and changes type", async () => {
  const value = (row: number, field: number) => (row * 7 + field) % 256;
  const line = (row: number) => `${value(row, 0)},${value(row, 1)},${value(row, 2)},a\n`;
  const lines = Array.from({ length: 30_000 }, (_, row) => line(row)).join("");
  for (const last of ["", "0.5,1,2,a\n"]) {
    const { count, values } = await read(lines + last);
    assertEquals(count, last === "" ? 30_000 : 30_001);
    const wrong = Array.from({ length: 90_000 }).findIndex((_, i) =>
      values[i] !== value(Math.floor(i / 3), i % 3)
    );
    assertEquals([wrong, values.length], [-1, 3 * count]);
  }
});

Deno.test("readTable() decompresses gzip, and hashes the content", async () => {
  const text = "x,y,kind\n" + "1,2,a\n".repeat(20_000);
  const plain = await read(text);
  const packed = await read(new Uint8Array(gzipSync(text)));
  assertEquals(packed, plain);
  assertEquals([packed.count, packed.features], [20_000, 2]);
});

Deno.test("readTable() omits a column of labels that may be missing", async () => {
  const asked = { label: "kind", features: 2 };
  const expected = [[1, 2], [3, 4]];
  assertEquals(rowsOf(await read("x,y,kind\n1,2,a\n3,4,b\n", asked)), expected);
  assertEquals(rowsOf(await read("kind,x,y\n?,1,2\n?,3,4\n", asked)), expected);
  assertEquals(rowsOf(await read("x,y\n1,2\n3,4\n", asked)), expected);
  assertEquals(rowsOf(await read("1,2\n3,4\n", asked)), expected);
  assertEquals((await read("1,2\n", asked)).labels, undefined);
  assertEquals(rowsOf(await read("a,1,2\nb,3,4\n", { label: 0, features: 2 })), expected);
});

Deno.test("readTable() reports line, column and expected value of an error", async () => {
  const cases: readonly (readonly [string | Uint8Array, Partial<TableOptions>, string])[] = [
    ["", {}, 'RangeError: "t.csv": expected at least 1 row of numbers: received an empty file'],
    [
      "x,kind\n",
      {},
      'RangeError: "t.csv": expected at least 1 row of numbers: received a line of names alone',
    ],
    [
      "x,y,k\n1,2,a\n3,,b\n",
      {},
      'SyntaxError: "t.csv", line 3, column "y": expected a number: received nothing',
    ],
    [
      "2,3,classes\n1,2,3,4\n",
      {},
      'TypeError: "t.csv", line 2: expected 3 fields, as in line 1: received 4: ' +
      "if line 1 is not a line of the table, delete it",
    ],
    [
      "1,2,a\n3,x,b\n",
      {},
      'SyntaxError: "t.csv", line 2, field 2 of 3: expected a number: received "x"',
    ],
    [
      `1,2,a\n3,${"y".repeat(99)},b\n`,
      {},
      `SyntaxError: "t.csv", line 2, field 2 of 3: expected a number: received "${
        "y".repeat(40)
      }"…`,
    ],
    [
      "x,k\n1,a\nNaN,b\n",
      {},
      'SyntaxError: "t.csv", line 3, column "x": expected a number: received "NaN"',
    ],
    [
      "x,k\n1e39,b\n",
      {},
      'RangeError: "t.csv", line 2, column "x": expected a finite 32-bit number: received "1e39"',
    ],
    ["1,2,a\n3,b\n", {}, 'TypeError: "t.csv", line 2: expected 3 fields, as in line 1: received 2'],
    [
      '\nx,y,k\n"1\n",2,a\n3,4,b,c\n',
      {},
      'SyntaxError: "t.csv", line 3, column "x": expected a number: received "1"',
    ],
    [
      "1,2,\n",
      {},
      'SyntaxError: "t.csv", line 1, field 3 of 3: expected a label of 1 to 256 characters: received nothing: name another column as "label", or delete the rows without one',
    ],
    [
      `1,2,${"a".repeat(257)}\n`,
      {},
      'SyntaxError: "t.csv", line 1, field 3 of 3: expected a label of 1 to 256 characters: received 257',
    ],
    [
      "x,y,x\n1,2,a\n",
      {},
      'TypeError: "t.csv", line 1: expected each column under a name of its own: received "x" twice',
    ],
    [
      "width,kinds\n1,a\n",
      { label: "kind" },
      'TypeError: "t.csv": expected as label the name of a column in the first line: received "kind": did you mean "kinds"?',
    ],
    [
      "1,2,a\n",
      { label: 3 },
      'TypeError: "t.csv": expected as label an index from -3 to 2, as there are 3 columns: received 3',
    ],
    [
      "1;2;a\n",
      {},
      'TypeError: "t.csv": expected a column of labels and others of features: received 1 column: did you mean "delimiter": ";"?',
    ],
    [
      "1,2,3,a\n",
      { features: 2 },
      'TypeError: "t.csv": expected 2 columns of features, as in training, with one of labels or without: received 4 columns',
    ],
    [
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0),
      {},
      'SyntaxError: "t.csv": expected a table as text: received a zip archive',
    ],
    [
      Uint8Array.of(0xff, 0xfe, 0x31, 0, 0x2c, 0),
      {},
      'SyntaxError: "t.csv": expected a table as text: received text in UTF-16: convert it, for ' +
      'example by "iconv -f UTF-16 -t UTF-8 FILE > NEW"',
    ],
    [
      Uint8Array.of(0x61, 0, 0x2c, 0, 0x62, 0, 0x0a, 0), // without a byte order mark
      {},
      'SyntaxError: "t.csv": expected a table as text: received text in UTF-16: convert it, for ' +
      'example by "iconv -f UTF-16 -t UTF-8 FILE > NEW"',
    ],
    [
      "An export of 2024\n\na;b;c\n1;2;3\n".replaceAll(";", "|"),
      {},
      'TypeError: "t.csv": expected a column of labels and others of features: received 1 column: ' +
      "if line 1 is a title and no line of the table, delete it",
    ],
    [
      ",".repeat(2 ** 20),
      {},
      'RangeError: "t.csv", line 1: expected at most 1048576 fields: received 1048577',
    ],
    [
      Array.from({ length: 65_537 }, (_, row) => `1,${row}\n`).join(""),
      {},
      'RangeError: "t.csv": expected at most 65536 different labels: received more, so perhaps another column has the labels',
    ],
  ];
  for (const [content, options, message] of cases) {
    const error = await assertRejects(() => read(content, options), Error);
    assertEquals(`${error.name}: ${error.message}`, message.replace('"t', 'Cannot read "t'));
  }
});

Deno.test("readTable() reads 65,536 classes, and a column wider than a piece of the file", async () => {
  const many = Array.from({ length: 65_536 }, (_, row) => `1,${row}\n`).join("");
  const { labels, count } = await read(many);
  assertEquals([count, labels?.texts.length, labels?.indices.at(-1)], [65_536, 65_536, 65_535]);
  const wide = Array.from({ length: 100_000 }, (_, column) => column % 256);
  const { features, values } = await read(`${wide.join(",")},a\n${wide.join(",")},b\n`);
  assertEquals(features, 100_000);
  assertEquals([...values.subarray(100_000)], wide);
});

Deno.test("createRowCollector() keeps rows across blocks, and changes from 8 to 32 bits within them", () => {
  // blocks have about 4 million numbers: three of them, and the last row is no byte
  const rows = createRowCollector(1000, "x");
  for (let row = 0; row < 9000; row++) rows.append(new Float64Array(1000).fill(row % 256));
  rows.append(new Float64Array(1000).fill(-0.5));
  const values = rows.take();
  assertEquals([values instanceof Float32Array, values.length], [true, 9_001_000]);
  for (const row of [0, 4193, 4194, 8388, 8999]) {
    assertEquals([values[1000 * row], values[1000 * row + 999]], [row % 256, row % 256]);
  }
  assertEquals(values.at(-1), -0.5);
});

Deno.test("createRowCollector() rejects rows with a number that is not finite in 32 bits", () => {
  const rows = createRowCollector(3, "x");
  assertEquals(rows.append(Float64Array.of(1, 2, 3)), -1);
  assertEquals(rows.append(Float64Array.of(1, NaN, Infinity)), 1);
  assertEquals(rows.append(Float64Array.of(0.5, 3e38, -1e39)), 2);
  assertEquals(rows.append(Float64Array.of(4, 0.5, 6)), -1);
  assertEquals([...rows.take()], [1, 2, 3, 4, 0.5, 6]);
});

Deno.test("sortClassNames() sorts numbers by value and texts by code units", () => {
  assertEquals(sortClassNames(["10", "9", "-1", "2.5"]), ["-1", "2.5", "9", "10"]);
  assertEquals(sortClassNames(["b", "10", "a", "B", "9"]), ["10", "9", "B", "a", "b"]);
  assertEquals(sortClassNames(["1.0", "1"]), ["1", "1.0"]);
});
