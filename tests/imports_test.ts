/** The direction of imports: no folder knows of those that build on it. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** What the modules of each folder in lib/ may import, besides their own folder. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  config: [],
  tensor: [],
  plot: [],
  data: ["config", "tensor"],
  engine: ["tensor"],
  nn: ["config", "tensor"],
  evaluate: ["run", "tensor"], // the form of an evaluation, which runs keep; exp and log
  run: ["config", "data", "evaluate", "tensor"],
  train: ["config", "data", "engine", "evaluate", "nn", "run", "tensor"],
  report: ["evaluate", "nn", "plot", "run"], // the layers, of which the diagram is drawn
  profile: ["engine", "plot", "report", "run"], // the page on which reports are set; times of a run
  io: ["data", "engine", "run"],
};

/** A module and what it imports, as paths from the project's folder or names of the import map. */
interface Imports {
  readonly path: string;
  readonly imported: readonly string[];
}

Deno.test("modules of lib/ import only from the folders that theirs builds on", async () => {
  const modules = await importsBelow("lib");
  assert(modules.length > 100);
  for (const { path, imported } of modules) {
    const folder = path.split("/")[1];
    const known = ALLOWED[folder];
    assert(known !== undefined, `no rule for lib/${folder}`);
    for (const target of imported) {
      const [top, other] = target === "deno-plot-svg" ? ["lib", "plot"] : target.split("/");
      if (!target.includes(".ts") && target !== "deno-plot-svg") continue; // a package
      assertEquals(top, "lib", `${path} imports ${target}`);
      assert(other === folder || known.includes(other), `${path} imports ${target}`);
    }
  }
});

Deno.test("no module of lib/ but those of lib/io names Deno, a file or the network", async () => {
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
