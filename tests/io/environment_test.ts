import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isDenoTooOld, OLDEST_DENO } from "../../lib/io/environment.ts";

Deno.test("isDenoTooOld() compares versions number by number", () => {
  const versions = ["1.46.3", "2.0.0", "2.8.3", "2.9.0", "2.9.6", "2.10.0", "3.0.0", "2.9.0-rc.1"];
  assertEquals(versions.map(isDenoTooOld), [true, true, true, false, false, false, false, false]);
  assert(!isDenoTooOld(Deno.version.deno));
});

Deno.test("the README names the oldest supported Deno", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  assertStringIncludes(readme, `With [Deno](https://deno.com) ${OLDEST_DENO} or newer`);
});
