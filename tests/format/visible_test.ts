import { assertEquals } from "@std/assert";
import { visible, visibleField } from "../../lib/format/visible.ts";

Deno.test("visible() escapes what a terminal obeys and what reorders letters", () => {
  assertEquals(visible("a\x1b]0;title\x07b"), "a\\u001b]0;title\\u0007b");
  assertEquals(visible("\x00\r\x08\x7f\x85\x9b"), "\\u0000\\u000d\\u0008\\u007f\\u0085\\u009b");
  assertEquals(visible("\u202egnp.exe\u2066\u200f"), "\\u202egnp.exe\\u2066\\u200f");
  assertEquals(visible("\u2028\ud800\udc00\ud800\uffff"), "\\u2028\ud800\udc00\\ud800\\uffff");
  assertEquals(visible("\u{1fffe}"), "\\ud83f\\udffe");
});

Deno.test("visible() leaves letters, line breaks and its own escapes as they are", () => {
  const text = "Füße 数字 👩\u200d👩 −1\u00a0%\n\tdone";
  assertEquals([visible(text), visible(visible("\x1b"))], [text, "\\u001b"]);
});

Deno.test("visibleField() is on one line and has no tab", () => {
  assertEquals(visibleField("a\nb\tc\x1b"), "a\\nb\\tc\\u001b");
});
