import { assertEquals } from "@std/assert";
import { progressBar, sparkline, stripStyles, truncateStyled } from "../../lib/io/text.ts";

Deno.test("progressBar() fills from the left by half columns and always has its width", () => {
  assertEquals(progressBar(0, 4), "────");
  assertEquals(progressBar(0.125, 4), "╸───");
  assertEquals(progressBar(0.5, 4), "━━──");
  assertEquals(progressBar(0.9, 4), "━━━╸"); // 7.2 halves
  assertEquals(progressBar(1, 4), "━━━━");
  assertEquals([progressBar(-1, 3), progressBar(7, 3)], ["───", "━━━"]);
});

Deno.test("truncateStyled() counts characters and closes all colours", () => {
  assertEquals(truncateStyled("abc", 3), "abc");
  assertEquals(truncateStyled("abcd", 3), "abc");
  assertEquals(truncateStyled("━━━━", 2), "━━");
  assertEquals(truncateStyled("a\x1b[31mbcd\x1b[0me", 3), "a\x1b[31mbc\x1b[0m");
  assertEquals(truncateStyled("\x1b[1mab\x1b[0m", 2), "\x1b[1mab\x1b[0m");
  assertEquals(stripStyles("a\x1b[31mbc\x1b[0m"), "abc");
});

Deno.test("sparkline() shows the first and the last value, and as many between as fit", () => {
  assertEquals(sparkline([8, 4, 2, 1, 1], [1, 8], 10), "█▄▂▁▁");
  assertEquals(sparkline([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 9], 3), "▁▅█");
  assertEquals(sparkline([3, 3], [3, 3], 10), "▁▁"); // all alike
  assertEquals(sparkline([0, 9], [1, 8], 10), "▁█"); // beyond the range
  assertEquals([sparkline([5], [0, 7], 10), sparkline([], [0, 1], 10)], ["▆", ""]);
});
