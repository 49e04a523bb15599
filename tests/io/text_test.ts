import { assertEquals } from "@std/assert";
import { bar, byteCount, cut, duration, plain } from "../../lib/io/text.ts";

Deno.test("bar() fills from the left by half columns and always has its width", () => {
  assertEquals(bar(0, 4), "────");
  assertEquals(bar(0.125, 4), "╸───");
  assertEquals(bar(0.5, 4), "━━──");
  assertEquals(bar(0.9, 4), "━━━╸"); // 7.2 halves
  assertEquals(bar(1, 4), "━━━━");
  assertEquals([bar(-1, 3), bar(7, 3)], ["───", "━━━"]);
});

Deno.test("byteCount() shows three digits and goes to the next unit before four", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [9_994, "9.99 kB"],
    [9_996, "10.0 kB"],
    [28_881, "28.9 kB"],
    [99_960, "100 kB"],
    [999_600, "1.00 MB"],
    [9_912_422, "9.91 MB"],
    [47_040_016, "47.0 MB"],
    [2_500_000_000_000, "2500 GB"],
  ];
  for (const [bytes, text] of cases) assertEquals(byteCount(bytes), text);
});

Deno.test("duration() gives tenths below ten seconds, then whole units", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0.0 s"],
    [449, "0.4 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [3_599_499, "59 min 59 s"],
    [3_599_500, "1 h 00 min"],
    [7_620_000, "2 h 07 min"],
  ];
  for (const [milliseconds, text] of cases) assertEquals(duration(milliseconds), text);
});

Deno.test("cut() counts letters and keeps colours, so that none is left switched on", () => {
  assertEquals(cut("abc", 3), "abc");
  assertEquals(cut("abcd", 3), "abc");
  assertEquals(cut("━━━━", 2), "━━");
  assertEquals(cut("a\x1b[31mbcd\x1b[0me", 3), "a\x1b[31mbc\x1b[0m");
  assertEquals(cut("\x1b[1mab\x1b[0m", 2), "\x1b[1mab\x1b[0m");
  assertEquals(plain("a\x1b[31mbc\x1b[0m"), "abc");
});
