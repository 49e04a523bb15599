import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createCsvReader, type Delimiter } from "../../../lib/data/formats/csv.ts";

interface Read {
  readonly line: number;
  readonly fields: readonly string[];
}

/** All records of a text that comes in pieces of the given lengths, again and again. */
function read(
  text: string | Uint8Array,
  { delimiter = ",", pieces = [65536] }: {
    readonly delimiter?: Delimiter;
    readonly pieces?: readonly number[];
  } = {},
): readonly Read[] {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const reader = createCsvReader({ delimiter, origin: "t.csv" });
  const records: Read[] = [];
  const take = (from: ReturnType<typeof reader.end>) => {
    for (const record of from) {
      const fields = Array.from({ length: record.length }, (_, field) => record.text(field));
      records.push({ line: record.line, fields });
    }
  };
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = pieces[turn % pieces.length];
    take(reader.push(bytes.subarray(at, at + length)));
    at += length;
  }
  take(reader.end());
  return records;
}

const fieldsOf = (records: readonly Read[]) => records.map(({ fields }) => fields);

Deno.test("createCsvReader() reads back every table of texts, with any quotes, line ends and pieces", () => {
  // blanks at the ends do not count, so none are written
  const field = fc.array(
    fc.constantFrom("a", "é", "7", " ", '"', ",", ";", "\t", "\n", "😀", "."),
    {
      maxLength: 6,
    },
  ).map((all) => all.join("").trim());
  const row = (length: number) => fc.array(field, { minLength: length, maxLength: length });
  const table = fc.integer({ min: 2, max: 4 })
    .chain((columns) => fc.array(row(columns), { maxLength: 6 }));
  const written = fc.record({
    table,
    delimiter: fc.constantFrom<Delimiter>(",", ";", "\t"),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    hasLastEnd: fc.boolean(),
    mark: fc.constantFrom("", "\ufeff"),
    quotesAll: fc.boolean(),
    pieces: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(written, ({ table, delimiter, lineEnd, hasLastEnd, mark, quotesAll, pieces }) => {
      const quoted = (text: string) =>
        quotesAll || /["\n]/.test(text) || text.includes(delimiter)
          ? `"${text.replaceAll('"', '""')}"`
          : text;
      const lines = table.map((fields) => fields.map(quoted).join(delimiter));
      const text = mark + lines.join(lineEnd) + (hasLastEnd && lines.length > 0 ? lineEnd : "");
      const records = read(text, { delimiter, pieces });
      assertEquals(fieldsOf(records), table);
      let line = 1;
      records.forEach((record, index) => {
        assertEquals(record.line, line);
        line += lines[index].split("\n").length;
      });
    }),
    { seed: 2, numRuns: 1000 },
  );
});

Deno.test("createCsvReader() skips and counts empty lines", () => {
  assertEquals(read("\n\na,b\r\n\r\n\nc,d\n\n"), [
    { line: 3, fields: ["a", "b"] },
    { line: 6, fields: ["c", "d"] },
  ]);
  for (const text of ["", "\n", "\r\n\r\n", "\ufeff", "\ufeff\n"]) {
    assertEquals(read(text, { pieces: [1] }), [], JSON.stringify(text));
  }
});

Deno.test("createCsvReader() removes quotes, one of two doubled quotes, and blanks at the ends", () => {
  const rows = read('"a ""b"" c", d ,"",\n"x\r\ny","""","1,5",é\n" q "\n');
  assertEquals(fieldsOf(rows), [
    ['a "b" c', "d", "", ""],
    ["x\r\ny", '"', "1,5", "é"],
    ["q"],
  ]);
});

Deno.test("createCsvReader() reads fields as numbers, all or all but one", () => {
  const reader = createCsvReader({ delimiter: ";", origin: "t.csv" });
  const rows: number[][] = [];
  for (const record of reader.push(new TextEncoder().encode('1;"2.5"; -3e2;x;;"7"\n'))) {
    for (const without of [undefined, 0, 3]) {
      const row = new Float64Array(without === undefined ? 6 : 5);
      record.writeNumbers(row, without);
      rows.push([...row]);
    }
  }
  assertEquals(rows, [[1, 2.5, -300, NaN, NaN, 7], [2.5, -300, NaN, NaN, 7], [
    1,
    2.5,
    -300,
    NaN,
    7,
  ]]);
});

Deno.test("createCsvReader() reports the line of misplaced quotes and of invalid UTF-8", () => {
  const cases: readonly (readonly [string | Uint8Array, string])[] = [
    [
      'a,b\nc,d"e\n',
      "line 2: expected quotes around a whole field: received a quote inside of one",
    ],
    [
      '"a"b\n',
      "line 1: expected the next field or line behind a quoted field: received something else",
    ],
    [
      'a\n"b\n\n"\rc',
      "line 4: expected the next field or line behind a quoted field: received something else",
    ],
    ['a\n"b\nc', "line 3: expected a quote that closes a field: received the end of the file"],
    [
      Uint8Array.of(0x61, 0xff, 0x0a),
      "line 1: expected text in UTF-8: received other bytes: if they are Latin-1, convert it, for " +
      'example by "iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW"',
    ],
    [
      "a,b\r1,2\r",
      "line 1: expected lines that end in LF or CR LF: received CR alone: convert it, for example " +
      "by \"tr '\\r' '\\n' < FILE > NEW\"",
    ],
  ];
  for (const [text, message] of cases) {
    for (const pieces of [[1], [1000]]) {
      const error = assertThrows(() => read(text, { pieces }), SyntaxError);
      assertEquals(error.message, `Cannot read "t.csv", ${message}`);
    }
  }
});

Deno.test("createCsvReader() stops at a quote that would include the rest of the file", () => {
  const reader = createCsvReader({ delimiter: ",", origin: "t.csv" });
  const piece = new Uint8Array(2 ** 24).fill(0x61);
  const error = assertThrows(() => {
    for (const _ of reader.push(new TextEncoder().encode('a\n"'))) continue;
    for (let pieces = 0; pieces < 8; pieces++) {
      for (const _ of reader.push(piece)) continue;
    }
  }, RangeError);
  assertEquals(
    error.message,
    'Cannot read "t.csv", line 2: expected a record of at most 67108864 bytes: received a longer one',
  );
});
