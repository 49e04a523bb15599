import { assertEquals } from "@std/assert";
import { type FileSystem, fileSystem, useFileSystem } from "../../lib/io/file_system.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("useFileSystem() replaces Deno's file system until it is disposed of", () => {
  const other = { ...Deno } as FileSystem;
  assertEquals(fileSystem() === Deno, true);
  {
    using _files = useFileSystem(other);
    assertEquals(fileSystem() === other, true);
  }
  assertEquals(fileSystem() === Deno, true);
});

Deno.test("no module uses files except through the replaceable file system", async () => {
  const operations = Object.keys(memberNames());
  const pattern = new RegExp(`\\bDeno\\.(${operations.join("|")})\\b`);
  const found: string[] = [];
  for (const folder of ["lib", "pipelines"]) {
    for await (const path of sourcesBelow(new URL(`${folder}/`, ROOT))) {
      if (pattern.test(await Deno.readTextFile(path))) {
        found.push(path.pathname.slice(ROOT.pathname.length));
      }
    }
  }
  assertEquals(found, []);
});

/** The operations, and those like them that nothing should use. */
function memberNames(): Readonly<Record<keyof FileSystem | string, true>> {
  const names: Record<keyof FileSystem, true> = {
    open: true,
    openSync: true,
    readFile: true,
    readFileSync: true,
    readDir: true,
    readDirSync: true,
    stat: true,
    statSync: true,
    lstat: true,
    lstatSync: true,
    mkdir: true,
    makeTempDir: true,
    rename: true,
    remove: true,
    removeSync: true,
  };
  const others = ["writeFile", "writeTextFile", "readTextFile", "mkdirSync", "create", "copyFile"];
  return { ...names, ...Object.fromEntries(others.map((name) => [name, true])) };
}

async function* sourcesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourcesBelow(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}
