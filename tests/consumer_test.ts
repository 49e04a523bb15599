/** The library as another project has it: by an import map, and checked by Deno's default settings. */
import { assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

/** Main module of the project; it has no cast and no type written out. */
const MAIN = `
import * as ann from "@ann/mlp";
console.log(ann.adam());
`;

Deno.test("another project that imports the library passes deno check with the default settings", async () => {
  await using folder = await consumer(MAIN);
  assertEquals(await folder.deno("check", "--quiet"), "");
});

/** Makes a project in a folder of its own, with the packages of this one and nothing of its settings. */
async function consumer(main: string) {
  const path = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  const absolute = (target: string) =>
    target.startsWith("./") ? new URL(target, ROOT).href : target;
  const exports = Object.entries(deno.exports).map(([name, target]) =>
    [`@ann/mlp${name.slice(1)}`, absolute(target)] as const
  );
  const packages = Object.entries(deno.imports).map(([name, target]) =>
    [name, absolute(target)] as const
  );
  const imports = Object.fromEntries([...packages, ...exports]);
  await Deno.writeTextFile(`${path}/deno.json`, JSON.stringify({ imports }));
  await Deno.copyFile(new URL("deno.lock", ROOT), `${path}/deno.lock`);
  await Deno.writeTextFile(`${path}/main.ts`, main);
  return {
    /** Runs a command of Deno on the main module; returns what it prints. */
    async deno(command: string, ...flags: readonly string[]): Promise<string> {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [command, ...flags, "main.ts"],
        cwd: path,
        env: { NO_COLOR: "1" },
      }).output();
      return `${new TextDecoder().decode(stdout)}${new TextDecoder().decode(stderr)}`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
