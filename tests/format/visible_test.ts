import { assertEquals } from "@std/assert";
import { escapeControls, escapeForOneLine } from "../../lib/format/visible.ts";

Deno.test("escapeControls() escapes control characters, and characters that reorder text", () => {
  assertEquals(escapeControls("a\x1b]0;title\x07b"), "a\\u001b]0;title\\u0007b");
  assertEquals(
    escapeControls("\x00\r\x08\x7f\x85\x9b"),
    "\\u0000\\u000d\\u0008\\u007f\\u0085\\u009b",
  );
  assertEquals(escapeControls("\u202egnp.exe\u2066\u200f"), "\\u202egnp.exe\\u2066\\u200f");
  assertEquals(
    escapeControls("\u2028\ud800\udc00\ud800\uffff"),
    "\\u2028\ud800\udc00\\ud800\\uffff",
  );
  assertEquals(escapeControls("\u{1fffe}"), "\\ud83f\\udffe");
});

Deno.test("escapeControls() does not change letters, line breaks and its own escapes", () => {
  const text = "Füße 数字 👩\u200d👩 −1\u00a0%\n\tdone";
  assertEquals([escapeControls(text), escapeControls(escapeControls("\x1b"))], [text, "\\u001b"]);
});

Deno.test("escapeForOneLine() returns one line without tabs", () => {
  assertEquals(escapeForOneLine("a\nb\tc\x1b"), "a\\nb\\tc\\u001b");
});
