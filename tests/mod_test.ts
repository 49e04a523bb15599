import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { fromFileUrl } from "@std/path";
import deno from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

Deno.test("mod.ts has re-exports only, in the order of the data", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const code = source.replaceAll(/\/\*\*[^]*?\*\//g, "").replaceAll(/^\/\/.*$/gm, "");
  const statements = code.split(";").map((statement) => statement.trim()).filter(Boolean);
  for (const statement of statements) {
    const pattern = /^export (type )?(\* as tensor|\{[^{}]*\}) from "\.\/lib\/[a-z0-9_/]+\.ts"$/;
    assert(pattern.test(statement), statement);
  }
  const stages = [...source.matchAll(/^\/\/ (\w+)/gm)].map(([, word]) => word);
  assertEquals([...new Set(stages)], [
    "Load",
    "Split",
    "Prepare",
    "Normalize",
    "Reduce",
    "Train",
    "Evaluate",
    "Predict",
    "Keep",
    "Report",
  ]);
});

Deno.test("mod.ts exports at most 150 names, each once, and no table, schema or internal", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const names = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
    list.split(",").map((name) => name.trim().replace(/^type |^\w+ as /g, "")).filter(Boolean)
  );
  assertEquals(names.length, new Set(names).size);
  assertLessOrEqual(names.length, 150);
  assertEquals(names.filter((name) => /Table$|Schema$|Entry$|^registry$|^[A-Z_]+$/.test(name)), []);
});

Deno.test("the page on the library lists all modules that are exported", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/library.md", ROOT));
  const listed = [...page.matchAll(/^\| `@ann\/mlp(\S*)` +\| \S/gm)].map(([, name]) => `.${name}`);
  assertEquals(listed.toSorted(), Object.keys(deno.exports).toSorted());
});

Deno.test("the export ./predict imports nothing of Deno or Node.js, and has types for browsers", async () => {
  const entry = new URL(deno.exports["./predict"], ROOT);
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json", fromFileUrl(entry)] });
  const { modules } = JSON.parse(new TextDecoder().decode((await info.output()).stdout));
  const imported: string[] = modules.map(({ specifier }: { specifier: string }) => specifier);
  assertEquals(imported.filter((name) => /^node:|\/lib\/(io|plot|report)\//.test(name)), []);
  const config = await Deno.makeTempFile({ suffix: ".json" });
  const compilerOptions = { lib: ["esnext", "dom", "dom.iterable"] };
  await Deno.writeTextFile(config, JSON.stringify({ imports: deno.imports, compilerOptions }));
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--no-lock", "--config", config, fromFileUrl(entry)],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(config);
  assertEquals(new TextDecoder().decode(stderr), "");
});

for (const [name, path] of Object.entries(deno.exports)) {
  Deno.test(`the export "${name}" can be imported without any permission, and does nothing when imported`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--quiet", "--no-check", fromFileUrl(new URL(path, ROOT))],
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals([code, text(stdout), text(stderr)], [0, "", ""]);
  });
}
