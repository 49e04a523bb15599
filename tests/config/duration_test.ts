import { assertEquals } from "@std/assert";
import { durationInSeconds, durationSchema } from "../../lib/config/duration.ts";

Deno.test("durationInSeconds() reads a number with its unit", () => {
  const seconds = { "60 s": 60, "0.5s": 0.5, "2 min": 120, "1.5 h": 5400 };
  for (const [text, expected] of Object.entries(seconds)) {
    assertEquals(durationSchema.safeParse(text).success, true, text);
    assertEquals(durationInSeconds(text), expected);
  }
});

Deno.test("durationSchema rejects values that are not durations above 0", () => {
  for (const text of ["60", "s", "1 m", "1  s", "-1 s", "0 s", "0.0 h", "1e3 s", "1. s", " 1 s"]) {
    assertEquals(durationSchema.safeParse(text).success, false, text);
  }
});
