/**
 * What the README says is held to what there is.
 *
 * Tables that follow from registries are written anew by
 *
 *     deno test -A tests/readme_test.ts -- --update && deno fmt README.md
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import deno from "../deno.json" with { type: "json" };
import { datasets } from "../lib/data/datasets/mod.ts";
import { deformations } from "../lib/data/deform/mod.ts";
import { normalizations } from "../lib/data/normalize/mod.ts";
import { preparations } from "../lib/data/prepare/mod.ts";
import { reductions } from "../lib/data/reduce/mod.ts";
import { initializers, layers, losses } from "../lib/nn/mod.ts";
import { optimizers, schedules } from "../lib/train/mod.ts";
import { FILES } from "../lib/run/mod.ts";
import { stageTable } from "../pipelines/stage_table.ts";

const ROOT = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", ROOT));

Deno.test("the README's links lead to files and headings that exist", async () => {
  const links = [...readme.matchAll(/(?:\]\(|src="|href=")([^)"#]*)(#[^)"]*)?/g)];
  assertGreater(links.length, 20);
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    "#" + heading.toLowerCase().replaceAll(/[^a-z0-9 -]/g, "").replaceAll(" ", "-")
  );
  for (const [, target = "", heading] of links) {
    if (/^https?:/.test(target)) continue;
    if (target !== "") await Deno.stat(new URL(target, ROOT));
    else if (heading !== undefined) assert(headings.includes(heading), heading);
  }
});

Deno.test("the README's tasks are those of deno.json", () => {
  const named = [...readme.matchAll(/\b(?:deno|deno@[\d.]+) task ([a-z:-]+)/g)].map(([, name]) =>
    name
  );
  for (const name of named) assert(Object.hasOwn(deno.tasks, name as string), name);
  for (const name of Object.keys(deno.tasks)) assert(named.includes(name), `${name} is not named`);
});

Deno.test("the README's configs exist, and no config is left out", async () => {
  const named = [...readme.matchAll(/\bconfigs\/\w+\.json/g)].map(([path]) => path);
  for (const path of named) await Deno.stat(new URL(path, ROOT));
  for await (const { name } of Deno.readDir(new URL("configs", ROOT))) {
    assert(named.includes(`configs/${name}`), `configs/${name} is not named`);
  }
});

Deno.test("the README's table of names says what the registries say", async () => {
  const tables = {
    dataset: datasets,
    methods: preparations,
    method: normalizations,
    "reduce.method": reductions,
    deform: deformations,
    layers,
    initializer: initializers,
    loss: losses,
    optimizer: optimizers,
    learningRate: schedules,
  };
  const expected = Object.entries(tables).flatMap(([key, table]) =>
    [...table].map(([name, { doc, options }]) =>
      `| \`${key}\` | \`${name}\` | ${optionList(options)} | ${doc} |`
    )
  );
  await assertRows("names", expected);
});

Deno.test("the README's table of stages says what the table of stages says", async () => {
  const expected = Object.entries(stageTable).map(([name, { doc, options }]) =>
    `| \`${name}\` | ${optionList(options)} | ${doc} |`
  );
  await assertRows("stages", expected);
});

Deno.test("the README's table of files names all that a run leaves", () => {
  const named = rowsOf("files").join("\n");
  for (const file of Object.values(FILES)) assertStringIncludes(named, `\`${file}`);
});

Deno.test("the README shows the library as mod.ts does", async () => {
  const source = await Deno.readTextFile(new URL("mod.ts", ROOT));
  const example = /@example[^\n]*\n \* ```ts\n([^]*?) \* ```/.exec(source)?.[1] ?? "";
  assertGreater(example.split("\n").length, 15);
  assertStringIncludes(readme, example.replaceAll(/^ \* ?/gm, ""));
});

Deno.test("the README's first commands are those that .ci/run gives", async () => {
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  for (const command of ["npx -y deno@2.9.6 task train", "npx -y deno@2.9.6 task test"]) {
    assertStringIncludes(readme, command);
    assertStringIncludes(script, command);
  }
});

/** Compares the rows of a table with what they should be, or writes them if that is asked for. */
async function assertRows(name: string, expected: readonly string[]): Promise<void> {
  if (!Deno.args.includes("--update")) return assertEquals(rowsOf(name), expected.map(unaligned));
  const path = new URL("README.md", ROOT);
  const text = await Deno.readTextFile(path);
  const table = new RegExp(`(<!-- ${name} -->\\n\\n(?:\\|.*\\n){2})(?:\\|.*\\n)*`);
  await Deno.writeTextFile(
    path,
    text.replace(table, (_, head) => `${head}${expected.join("\n")}\n`),
  );
}

/** Rows of the table between two comments, without the spaces that align it. */
function rowsOf(name: string): readonly string[] {
  const [, block = ""] = new RegExp(`<!-- ${name} -->([^]*?)<!-- /${name} -->`).exec(readme) ?? [];
  const rows = block.split("\n").filter((line) => line.startsWith("|")).slice(2);
  return rows.map(unaligned);
}

function unaligned(row: string): string {
  return row.replaceAll(/ +/g, " ");
}

/** Options with their defaults: "`decay` 0.9"; those without one are required or optional. */
function optionList(options: unknown): string {
  const { properties = {}, required = [] } = z.toJSONSchema(options as z.ZodType, { io: "input" });
  const listed = Object.entries(properties).map(([name, property]) => {
    const { default: value } = property as { readonly default?: unknown };
    if (value === undefined) return `\`${name}\`${required.includes(name) ? "" : " optional"}`;
    return `\`${name}\` ${shown(value)}`;
  });
  return listed.join(", ");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return (value as { readonly name: string }).name;
  const isMark = typeof value === "string" && !/\w/.test(value);
  return isMark ? JSON.stringify(value) : String(value);
}
