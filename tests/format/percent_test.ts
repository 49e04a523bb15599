import { assertEquals } from "@std/assert";
import { formatInterval, formatPercent, PLAIN, UNITLESS } from "../../lib/format/percent.ts";

Deno.test("formatPercent() has two decimals and a no-break space by default", () => {
  assertEquals(formatPercent(0.97778), "97.78\u00a0%");
  assertEquals(formatPercent(0.1234, 1, PLAIN), "12.3 %");
  assertEquals(formatPercent(-0.005, 2, UNITLESS), "−0.50");
});

Deno.test("formatInterval() writes the unit once", () => {
  assertEquals(formatInterval([0.977, 0.98456]), "97.70–98.46\u00a0%");
  assertEquals(formatInterval([0.977, 0.98456], 1, UNITLESS), "97.7–98.5");
});

Deno.test("formatPercent() with `clamped` shows numbers near 0 and 100 % as less or more", () => {
  const texts = [0, 0.0004, 0.0005, 0.5, 0.9994, 0.9996, 1].map((share) =>
    formatPercent(share, 1, { clamped: true })
  );
  assertEquals(texts.map((text) => text.replaceAll("\u00a0", " ")), [
    "0.0 %",
    "< 0.1 %",
    "0.1 %",
    "50.0 %",
    "99.9 %",
    "> 99.9 %",
    "100.0 %",
  ]);
  assertEquals(formatPercent(0.004, 0, { clamped: true }), "<\u00a01\u00a0%");
});
