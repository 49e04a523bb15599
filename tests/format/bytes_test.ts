import { assertEquals } from "@std/assert";
import { formatBinaryBytes, formatBytes } from "../../lib/format/bytes.ts";

Deno.test("formatBytes() shows three digits, and the next unit before four", () => {
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
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("formatBinaryBytes() shows whole KiB below a MiB", () => {
  assertEquals([2 ** 15, 2 ** 20, 2 ** 23].map(formatBinaryBytes), ["32 KiB", "1 MiB", "8 MiB"]);
});
