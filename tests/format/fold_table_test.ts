/** Tables that are wider than their place. */
import { assertEquals } from "@std/assert";
import { foldTable } from "../../lib/format/fold_table.ts";
import { left, right, type TextTable } from "../../lib/format/text_table.ts";

const LETTERS = { keys: [0], gap: 2, widthOf: (text: string) => text.length };

const WIDE: TextTable = {
  columns: [
    left("run"),
    right("loss"),
    right("accuracy"),
    right("time"),
  ],
  rows: [["a", "0.1", "99", "1 s"], ["b", "0.2", "98", "2 s"]],
};

/** The headings and the first row of each table. */
function seen(tables: readonly TextTable[]): readonly string[] {
  return tables.map(({ columns, rows }) =>
    `${columns.map(({ title }) => title).join()}: ${rows[0]?.join()}`
  );
}

Deno.test("foldTable() does not change a table that fits", () => {
  // 3 + 4 + 8 + 4 letters, and 3 gaps of 2
  assertEquals(foldTable(WIDE, { ...LETTERS, room: 25 }), [WIDE]);
  assertEquals(foldTable(WIDE, { ...LETTERS, room: Infinity }), [WIDE]);
});

Deno.test("foldTable() divides a wide table into several, each of which begins with the key", () => {
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, room: 24 })), [
    "run,loss,accuracy: a,0.1,99",
    "run,time: a,1 s",
  ]);
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, keys: [3], room: 17 })), [
    "time,run,loss: 1 s,a,0.1",
    "time,accuracy: 1 s,99",
  ]);
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, keys: [0, 3], room: 19 })), [
    "run,time,loss: a,1 s,0.1",
    "run,time,accuracy: a,1 s,99",
  ]);
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, room: 22, attached: ["accuracy"] })), [
    "run,loss,accuracy: a,0.1,99",
    "run,time: a,1 s",
  ]);
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, room: 15, attached: ["time"] })), [
    "run,loss: a,0.1",
    "run,accuracy,time: a,99,1 s",
  ]);
  // where no two columns have room, there are two all the same
  assertEquals(seen(foldTable(WIDE, { ...LETTERS, room: 1 })), [
    "run,loss: a,0.1",
    "run,accuracy: a,99",
    "run,time: a,1 s",
  ]);
});
