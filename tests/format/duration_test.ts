import { assertEquals } from "@std/assert";
import { formatDuration, formatTime } from "../../lib/format/duration.ts";

Deno.test("formatDuration() shows tenths below ten seconds, then whole units", () => {
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
  for (const [milliseconds, text] of cases) assertEquals(formatDuration(milliseconds), text);
});

Deno.test("formatTime() has three digits and the most readable unit", () => {
  const times = [0, 0.126, 12.34, 999.4, 1000, 123_400, 1_034_000, 299e6, 300e6, 4 * 3600e6, 9e10];
  assertEquals(times.map((time) => formatTime(time).replace("\u00a0", " ")), [
    "0.00 µs",
    "0.13 µs",
    "12.3 µs",
    "999 µs",
    "1.00 ms",
    "123 ms",
    "1.03 s",
    "299 s",
    "5.00 min",
    "240 min",
    "25.0 h",
  ]);
});
