/** The direction of imports: no folder knows of those that build on it. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/**
 * The folders of lib/ in one order: a module imports from its own folder and from those on earlier lines.
 * Folders on one line do not know each other.
 */
const ORDER: readonly (readonly string[])[] = [
  ["config", "tensor", "format"],
  ["plot"],
  ["data", "nn", "engine"],
  ["evaluate"],
  ["optim"],
  ["run"],
  ["train"],
  ["observe"],
  ["report"],
  ["analysis"],
  ["io"],
];

/** A module and what it imports, as paths from the project's folder or names of the import map. */
interface Imports {
  readonly path: string;
  readonly imported: readonly string[];
}

Deno.test("modules of lib/ import only from folders that precede theirs", async () => {
  const modules = await importsBelow("lib");
  assert(modules.length > 100);
  const place = (folder: string) => ORDER.findIndex((folders) => folders.includes(folder));
  const wrong: string[] = [];
  for (const { path, imported } of modules) {
    const folder = path.split("/")[1];
    assert(place(folder) >= 0, `no place for lib/${folder}`);
    for (const target of imported) {
      const [top, other] = target === "deno-plot-svg" ? ["lib", "plot"] : target.split("/");
      if (!target.includes(".ts") && target !== "deno-plot-svg") continue; // a package
      if (other === folder) continue;
      if (top !== "lib" || place(other) >= place(folder)) wrong.push(`${path} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("the page on structure has the order of imports, and the job of each folder", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/structure.md", ROOT));
  const [order = ""] = page.match(/(?<=^ {4})config, .*$/m) ?? [];
  assertEquals(order.split(" < ").map((folders) => folders.split(", ")), ORDER);
  const described = [...page.matchAll(/^\| `([^`]+)` +\| \w/gm)].map(([, folder]) => folder);
  const folders = [...await foldersBelow("lib"), "pipelines", ...await foldersBelow("pipelines")];
  assertEquals(described.toSorted(), folders.toSorted());
});

async function foldersBelow(folder: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) folders.push(path, ...await foldersBelow(path));
  }
  return folders;
}

Deno.test("no modules import each other in a cycle, except networks and layers that contain networks", async () => {
  const modules = [...await importsBelow("lib"), ...await importsBelow("pipelines")];
  const circles = (left: readonly Imports[]): readonly string[] => {
    const imported = new Set(left.flatMap(({ imported }) => imported));
    const paths = new Set(left.map(({ path }) => path));
    const inside = left.filter((each) =>
      imported.has(each.path) && each.imported.some((target) => paths.has(target))
    );
    return inside.length < left.length ? circles(inside) : [...paths].sort();
  };
  assertEquals(circles(modules), [
    "lib/nn/layers/mod.ts",
    "lib/nn/layers/residual.ts",
    "lib/nn/network.ts",
  ]);
});

Deno.test("no module of lib/ outside lib/io uses Deno, files or the network", async () => {
  for (const path of await modulesBelow("lib")) {
    if (path.startsWith("lib/io/")) continue;
    const code = withoutComments(await Deno.readTextFile(new URL(path, ROOT)));
    const outside = /\bDeno\.|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/;
    assertEquals(code.match(outside)?.[0], undefined, path);
  }
});

async function importsBelow(folder: string): Promise<readonly Imports[]> {
  return await Promise.all((await modulesBelow(folder)).map(async (path) => {
    const code = withoutComments(await Deno.readTextFile(new URL(path, ROOT)));
    const found = [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)];
    return { path, imported: found.map(([, target]) => resolved(path, target)) };
  }));
}

function resolved(path: string, target: string): string {
  if (!target.startsWith(".")) return target;
  return new URL(target, new URL(path, ROOT)).href.slice(ROOT.href.length);
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}

async function modulesBelow(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (path === "lib/std.d.ts" || path === "lib/engine/wasm/assembly") continue;
    if (isDirectory) paths.push(...await modulesBelow(path));
    else if (name.endsWith(".ts")) paths.push(path);
  }
  return paths.sort();
}
