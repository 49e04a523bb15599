/** Tables that are wider than their place. */
import { assertEquals } from "@std/assert";
import { folded } from "../../lib/report/folded.ts";
import type { Texts } from "../../lib/report/texts.ts";

const LETTERS = { key: 0, gap: 2, widthOf: (text: string) => text.length };

const WIDE: Texts = {
  columns: [
    { title: "run", align: "left" },
    { title: "loss", align: "right" },
    { title: "accuracy", align: "right" },
    { title: "time", align: "right" },
  ],
  rows: [["a", "0.1", "99", "1 s"], ["b", "0.2", "98", "2 s"]],
};

/** The headings and the first row of each table. */
function seen(tables: readonly Texts[]): readonly string[] {
  return tables.map(({ columns, rows }) =>
    `${columns.map(({ title }) => title).join()}: ${rows[0]?.join()}`
  );
}

Deno.test("folded() leaves a table as it is that has room", () => {
  // 3 + 4 + 8 + 4 letters, and 3 gaps of 2
  assertEquals(folded(WIDE, { ...LETTERS, room: 25 }), [WIDE]);
  assertEquals(folded(WIDE, { ...LETTERS, room: Infinity }), [WIDE]);
});

Deno.test("folded() makes several tables of a wide one, and each begins with the key", () => {
  assertEquals(seen(folded(WIDE, { ...LETTERS, room: 24 })), [
    "run,loss,accuracy: a,0.1,99",
    "run,time: a,1 s",
  ]);
  assertEquals(seen(folded(WIDE, { ...LETTERS, key: 3, room: 17 })), [
    "time,run,loss: 1 s,a,0.1",
    "time,accuracy: 1 s,99",
  ]);
  assertEquals(seen(folded(WIDE, { ...LETTERS, room: 22, stays: ["accuracy"] })), [
    "run,loss,accuracy: a,0.1,99",
    "run,time: a,1 s",
  ]);
  assertEquals(seen(folded(WIDE, { ...LETTERS, room: 15, stays: ["time"] })), [
    "run,loss: a,0.1",
    "run,accuracy,time: a,99,1 s",
  ]);
  // where no two columns have room, there are two all the same
  assertEquals(seen(folded(WIDE, { ...LETTERS, room: 1 })), [
    "run,loss: a,0.1",
    "run,accuracy: a,99",
    "run,time: a,1 s",
  ]);
});
