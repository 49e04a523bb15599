import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import * as ann from "../mod.ts";
import * as evaluate from "../lib/evaluate/mod.ts";
import * as nn from "../lib/nn/mod.ts";
import * as train from "../lib/train/mod.ts";
import deno from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

Deno.test("mod.ts holds re-exports only, in the order of the data", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const code = source.replaceAll(/\/\*\*[^]*?\*\//g, "").replaceAll(/^\/\/.*$/gm, "");
  const statements = code.split(";").map((statement) => statement.trim()).filter(Boolean);
  for (const statement of statements) {
    const pattern = /^export (type )?(\*( as tensor)?|\{[^{}]*\}) from "\.\/lib\/[a-z0-9_/]+\.ts"$/;
    assert(pattern.test(statement), statement);
  }
  const stages = [...source.matchAll(/^\/\/ (\w+)/gm)].map(([, word]) => word);
  assertEquals([...new Set(stages.slice(0, -2))], [
    "Load",
    "Split",
    "Prepare",
    "Normalize",
    "Reduce",
    "Train",
    "Evaluate",
    "Report",
  ]);
});

Deno.test("mod.ts exports all of the modules it passes on: no two names are the same", () => {
  const names: Readonly<Record<string, unknown>> = ann;
  for (const module of [nn, train, evaluate]) {
    for (const [name, value] of Object.entries(module)) {
      assertStrictEquals(names[name], value, name);
    }
  }
});

for (const [name, path] of Object.entries(deno.exports)) {
  Deno.test(`the export "${name}" can be imported without any permission, and does nothing`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--quiet", "--no-check", fromFileUrl(new URL(path, ROOT))],
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals([code, text(stdout), text(stderr)], [0, "", ""]);
  });
}
