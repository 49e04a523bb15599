/** The examples are drawn as they were looked at. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertGoodSvg } from "./support/checks.ts";
import { examples } from "./examples/mod.ts";
import { assertSnapshot } from "./support/snapshot.ts";

for (const [name, draw] of Object.entries(examples)) {
  Deno.test(`the example "${name}" is well formed and drawn as in its snapshot, with equal bytes twice`, async () => {
    assertGoodSvg(draw());
    assertEquals(draw(), draw());
    await assertSnapshot(new URL(`examples/${name}.svg`, import.meta.url), draw());
  });
}

Deno.test("every example has its drawing, and every drawing its example", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL("examples", import.meta.url))) {
    if (name.endsWith(".ts") && name !== "mod.ts") files.push(name.slice(0, -".ts".length));
  }
  assertEquals(Object.keys(examples), files.sort());
});

Deno.test("the page on plots shows every example and names every mark", async () => {
  const page = await Deno.readTextFile(new URL("../../lib/docs/plot.md", import.meta.url));
  for (const name of Object.keys(examples)) assertStringIncludes(page, `/examples/${name}.svg)`);
  for await (const { name } of Deno.readDir(new URL("../../lib/plot/marks", import.meta.url))) {
    const mark = name.slice(0, -".ts".length);
    if (mark !== "mark") assertStringIncludes(page, `| \`${mark}\` `);
  }
});
