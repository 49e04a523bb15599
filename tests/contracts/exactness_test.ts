/** Rules that every module of lib/ must obey so that runs have the same bytes everywhere. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Paths of the modules below a folder, sorted; AssemblyScript's and the ambient file left out. */
function modulesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(join(ROOT, folder)), ({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (path === "lib/std.d.ts" || path === "lib/engine/wasm/assembly") return [];
    return isDirectory ? modulesBelow(path) : path.endsWith(".ts") ? [path] : [];
  }).flat().sort();
}

/** The code of a module without comments and without what strings and templates say. */
function codeOf(path: string): string {
  return Deno.readTextFileSync(join(ROOT, path))
    .replaceAll(/\/\*[^]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/.*$/gm, "")
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

/** Functions of Math whose last bit is up to the engine, or that are random. */
const INEXACT = "acos|acosh|asin|asinh|atan|atan2|atanh|cbrt|cos|cosh|exp|expm1|hypot|log|log10|" +
  "log1p|log2|pow|random|sin|sinh|tan|tanh";

/** Patterns that must not occur, by the reason. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  "differs between engines in its last bit": new RegExp(`\\bMath\\.(?:${INEXACT})\\b`),
  "is a power, which engines may round as they like, of other than two literals":
    /(?<!\b\d+ ?)\*\*|\*\*(?! ?-?\d)/,
  "depends on the user's language": /\.toLocale\w+|\.localeCompare\b|\bIntl\./,
  "depends on the time": /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
};

Deno.test("the search for inexact code finds known examples, and nothing else", () => {
  const matching = (code: string) => Object.values(FORBIDDEN).filter((rule) => rule.test(code));
  for (
    const code of [
      "Math.exp(x)",
      "x ** 2",
      "2 ** bits",
      "f(x) ** 2",
      "2 ** (n)",
      "Math.hypot(a, b)",
      "n.toLocaleString()",
      "a.localeCompare(b)",
      "new Intl.NumberFormat()",
      "Date.now()",
    ]
  ) assertEquals(matching(code).length, 1, code);
  for (const code of ["2 ** 32", "2 ** -24", "10 ** 3", "Math.sqrt(x)", "Math.max(a)", "exp(x)"]) {
    assertEquals(matching(code), [], code);
  }
});

Deno.test("no module of lib/ outside lib/io uses functions that differ between machines", () => {
  const modules = modulesBelow("lib").filter((path) => !path.startsWith("lib/io/"));
  assert(modules.length > 100);
  for (const path of modules) {
    const code = codeOf(path);
    for (const [what, rule] of Object.entries(FORBIDDEN)) {
      assertEquals(rule.exec(code)?.[0], undefined, `${path} has what ${what}`);
    }
  }
});

Deno.test("workers load only the executor, barrier, times, messages and modules of kernels", () => {
  const loaded = (path: string): string[] =>
    [...codeOfImports(path)].map((target) => new URL(target, `file:///${path}`).pathname.slice(1));
  const worker = loaded("lib/engine/workers/worker.ts");
  const modules = [
    "barrier",
    "executor",
    "kernel_module",
    "protocol",
    "segment",
    "stopwatch",
    "tape",
  ]
    .map((name) => `lib/engine/workers/${name}.ts`);
  assertEquals(worker.sort(), modules);
  for (const path of worker) {
    for (const target of loaded(path)) assert(worker.includes(target), `${path} loads ${target}`);
  }
});

/** Returns the imports of a module, without those of types. */
function codeOfImports(path: string): readonly string[] {
  const code = Deno.readTextFileSync(join(ROOT, path)).replaceAll(/\/\*[^]*?\*\//g, "");
  return [...code.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)"/gm)]
    .map(([, target]) => target);
}

Deno.test("every module of lib/ is loaded without any permission, and does nothing when loaded", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // the worker listens for messages as soon as it is loaded: that is what a worker is
    const modules = modulesBelow("lib").filter((path) => path !== "lib/engine/workers/worker.ts");
    const imports = [...modules, "mod.ts"].map((path) =>
      `import ${JSON.stringify(new URL(`../../${path}`, import.meta.url).href)};`
    );
    const script = join(folder, "all.ts");
    await Deno.writeTextFile(script, `${imports.join("\n")}\nconsole.log("loaded");\n`);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", `--config=${join(ROOT, "deno.json")}`, script],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals([code, text(stdout), text(stderr)], [0, "loaded\n", ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
