/** The examples are drawn as they were looked at. */
import { assertEquals } from "@std/assert";
import { assertGoodSvg } from "./checks.ts";
import { examples } from "./examples/mod.ts";
import { assertSnapshot } from "./snapshot.ts";

for (const [name, draw] of Object.entries(examples)) {
  Deno.test(`the example "${name}" is drawn as kept, well formed, and the same twice`, async () => {
    assertGoodSvg(draw());
    assertEquals(draw(), draw());
    await assertSnapshot(new URL(`examples/${name}.svg`, import.meta.url), draw());
  });
}

Deno.test("every file of the examples is one of them, and every example has its file", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL("examples", import.meta.url))) {
    if (name.endsWith(".ts") && name !== "mod.ts") files.push(name.slice(0, -".ts".length));
  }
  assertEquals(Object.keys(examples), files.sort());
});
