/** The page on backends lists exactly what a backend implements. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
const PAGE = await read("lib/docs/backends.md");

/** Names in backticks in the first cells of the page's rows that match. */
function firstCells(pattern: RegExp): readonly string[] {
  return [...PAGE.matchAll(/^\| `([^`]+)` +\|/gm)].flatMap(([, cell]) =>
    pattern.test(cell) ? [cell] : []
  );
}

/** Names of an interface's members. */
function membersOf(code: string, name: string): readonly string[] {
  const [, body] = new RegExp(`export interface ${name}\\b[^{]*\\{\\n([^]*?)\\n\\}`).exec(code) ??
    [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, member]) =>
    `${name}.${member}`
  );
}

/** Names and parameters of the functions that a module exports. */
function functionsOf(code: string): ReadonlyMap<string, string> {
  const found = code.matchAll(/^export function (\w+)\(([^)]*)\)/gm);
  return new Map(
    [...found].map(([, name, parameters]) => {
      const names = [...parameters.matchAll(/(\w+): /g)].map(([, parameter]) => parameter);
      return [name, `${name}(${names.join(", ")})`];
    }),
  );
}

Deno.test("the page on backends lists the members of Backend, Machine and Spaces", async () => {
  const code = await read("lib/engine/backend.ts");
  const members = ["Backend", "Machine", "Spaces"].flatMap((name) => membersOf(code, name));
  assertEquals(firstCells(/^\w+\.\w+$/), members);
});

/** Calls of kernels as the page shows them, by name. */
const KERNELS = new Map(
  firstCells(/^\w+\(/).map((call) => [call.slice(0, call.indexOf("(")), call]),
);

Deno.test("the page on backends lists every kernel with its parameters", async () => {
  const assembly = "lib/engine/wasm/assembly";
  const index = await read(`${assembly}/index.ts`);
  const exported = [...index.matchAll(/^export \{([^}]*)\} from "\.\/(\w+)"/gm)]
    .filter(([, , module]) => module !== "barrier"); // what the workers themselves call
  const expected: string[] = [];
  for (const [, names, module] of exported) {
    const functions = functionsOf(await read(`${assembly}/${module}.ts`));
    for (const [name] of names.matchAll(/\w+/g)) expected.push(functions.get(name) ?? name);
  }
  const [, parameters] = /return \(([^)]*)\) => \{\n {4}const \{ values, features \}/.exec(
    await read("lib/engine/workers/executor.ts"),
  ) ?? [];
  expected.push(`copyDatasetRows(${parameters.replaceAll(" = 0", "")})`);
  assertEquals([...KERNELS.values()].sort(), expected.sort());
});

Deno.test("the compiler names all of the page's kernels, and no others", async () => {
  const folders = ["lib/engine/compiler", "lib/engine/compiler/calls"];
  let code = "";
  for (const folder of folders) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, ROOT))) {
      if (isFile) code += await read(`${folder}/${name}`);
    }
  }
  for (const name of KERNELS.keys()) assert(code.includes(`"${name}"`), name);
  const named = code.matchAll(/\bkernel: (?:[^",]*\? )?"(\w+)"(?: : "(\w+)")?/g);
  const names = [...named].flatMap(([, ...names]) => names.filter((name) => name !== undefined));
  assert(names.length > 15);
  for (const name of names) assert(KERNELS.has(name), name);
});
