import { assert, assertEquals, assertGreater } from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { codeOf, notebookNames, NOTEBOOKS, readNotebook } from "./notebooks.ts";

Deno.test("the code of every notebook has the right types", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of notebookNames()) {
      const { cells } = await readNotebook(name);
      const code = cells.flatMap((cell) => codeOf(cell) ?? []).join("\n;\n");
      const absolute = code.replaceAll(
        /from "(\.[^"]*)"/g,
        (_, path) => `from "${toFileUrl(resolve(NOTEBOOKS, path))}"`,
      );
      await Deno.writeTextFile(join(folder, name.replace(".ipynb", ".ts")), absolute);
    }
    const config = resolve(NOTEBOOKS, "../../../deno.json");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", config, folder],
      env: { NO_COLOR: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every notebook has its imports in its first cell of code, and is committed with its outputs", async () => {
  assertEquals(notebookNames().length, 3);
  for (const name of notebookNames()) {
    const { cells } = await readNotebook(name);
    const [first, ...others] = cells.filter((cell) => codeOf(cell) !== undefined);
    assert(/^import /.test(codeOf(first) ?? ""), name);
    for (const cell of others) assert(!/^import /m.test(codeOf(cell) ?? ""), name);
    const shown = others.filter(({ outputs = [] }) => outputs.length > 0);
    assertGreater(shown.length, others.length / 2, name);
  }
});
