import { assertEquals } from "@std/assert";
import { formatTable, left, right } from "../../lib/format/text_table.ts";

Deno.test("formatTable() lines up words to the left and numbers to the right, and cuts what is too long", () => {
  const columns = [{ ...left("a"), maxLength: 4 }, right("b")];
  assertEquals(formatTable({ columns, rows: [["longer", "1"], ["x", "22"]] }), [
    "a      b",
    "────  ──",
    "lon…   1",
    "x     22",
  ]);
});
