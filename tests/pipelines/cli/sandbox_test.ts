/** Processes with the flags of their tasks try what a hostile module, config or run folder could do. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

/** Expressions that would do harm, by description. */
const DEEDS: Readonly<Record<string, string>> = {
  "write beside": `Deno.writeTextFileSync("mine.txt", "")`,
  "write above": `Deno.writeTextFileSync("../mine.txt", "")`,
  "write to /tmp": `Deno.writeTextFileSync("/tmp/ann-mlp-mine.txt", "")`,
  "write by way of the results": `Deno.writeTextFileSync("outputs/../mine.txt", "")`,
  "make a link": `Deno.symlinkSync("/etc", "outputs/link")`,
  "remove": `Deno.removeSync("tiny.json")`,
  "change rights": `Deno.chmodSync("tiny.json", 0)`,
  "load from a host": `await fetch("https://example.org/")`,
  "load from this machine": `await fetch("http://127.0.0.1:8080/")`,
  "listen": `Deno.listen({ port: 0 })`,
  "look a name up": `await Deno.resolveDns("example.org", "A")`,
  "import from a host": `await import("https://" + "example.org/mine.ts")`,
  "read the environment": `Deno.env.toObject()`,
  "read a variable": `Deno.env.get("HOME")`,
  "run a program": `new Deno.Command("true").outputSync()`,
  "call native code": `Deno.dlopen("libc.so.6", {})`,
  "ask about the system": `Deno.hostname()`,
  "ask for more": `(await Deno.permissions.request({ name: "run" })).state === "granted" || (() => {
    throw new Deno.errors.NotCapable();
  })()`,
};

Deno.test("code with the permissions of a command can do no harm", () =>
  inWorkspace(async ({ write, runAlone, list }) => {
    await write("tiny.json", TINY);
    const tries = Object.entries(DEEDS).map(([name, deed]) =>
      `await attempt(${JSON.stringify(name)}, async () => { ${deed}; });`
    );
    await write(
      "hostile.ts",
      `const attempt = async (name: string, deed: () => Promise<void>) => {
        try {
          await deed();
          console.log(name + ": done");
        } catch (error) {
          const { name: kind, message } = error as Error;
          console.log(name + ": " + (/import access/.test(message) ? "NotCapable" : kind));
        }
      };
      ${tries.join("\n")}`,
    );
    const before = list();
    for (const task of ["train", "runs"] as const) {
      const { stdout } = await runAlone(task, ["--help"], { preload: "./hostile.ts" });
      const ends = stdout.split("\n").slice(0, Object.keys(DEEDS).length);
      assertEquals(ends, Object.keys(DEEDS).map((name) => `${name}: NotCapable`), task);
      assertEquals(list(), before);
    }
  }));

/** A text that no message may quote. */
const SECRET = "hunter2";

/** Expects that a command refuses, quotes no secret, and says something. */
async function expectRefusal(
  { runAlone }: Workspace,
  [task, ...args]: readonly [Parameters<Workspace["runAlone"]>[0], ...string[]],
  said: string,
): Promise<void> {
  const begun = performance.now();
  const { code, stdout, stderr } = await runAlone(task, args);
  const of = `${[task, ...args].join(" ")}: ${stderr}`;
  assert(code === 1 || code === 2, of);
  assertEquals(stdout, "", of);
  assertStringIncludes(stderr, said, of);
  assert(!stderr.includes(SECRET) && !/\n +at /.test(stderr), of);
  assert(performance.now() - begun < 20_000, of);
}

Deno.test("no message quotes a file from elsewhere that only a config or a run folder names", () =>
  inWorkspace(async (workspace) => {
    const { write, folder, runAlone } = workspace;
    const elsewhere = await Deno.makeTempDir();
    try {
      await writeTiny(workspace);
      const secret = join(elsewhere, "secret");
      await Deno.writeTextFile(`${secret}.json`, `{ "${SECRET}": "${SECRET}" }`);
      await Deno.writeTextFile(`${secret}.csv`, `${SECRET},${SECRET}\n1,2\n`);
      await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output();
      const withData = (dataset: object) => ({
        ...TINY,
        pipeline: [{ stage: "load", dataset }, ...TINY.pipeline.slice(1)],
      });
      await write("extends.json", { extends: `${secret}.json` });
      await write("data.json", withData({ name: "csv", path: `${secret}.csv` }));
      await Deno.mkdir(join(elsewhere, "pictures", SECRET), { recursive: true });
      await write("pictures.json", withData({ name: "images", path: join(elsewhere, "pictures") }));
      await write("zero.json", withData({ name: "csv", path: "/dev/zero" }));
      await write("pipe.json", withData({ name: "npz", path: "pipe" }));
      await write("endless.json", { extends: "/dev/zero" });
      await expectRefusal(workspace, ["train", "extends.json"], "none of its content is shown");
      await expectRefusal(workspace, ["train", "data.json"], "none of its content is shown");
      await expectRefusal(workspace, ["train", "pictures.json"], "none of its content is shown");
      await expectRefusal(workspace, ["train", "zero.json"], "it is a device");
      await expectRefusal(workspace, ["explore", "pipe.json"], "it is a device, a pipe");
      await expectRefusal(workspace, ["train", "endless.json"], "it is a device");

      // the user's own are quoted: a config that is named, and data in a folder that is
      await write("data.json", withData({ name: "csv", path: "secret.csv" }));
      const named = await runAlone("train", ["data.json", "--data-dir", elsewhere]);
      assertStringIncludes(named.stderr, SECRET);

      const run = runOf(await runAlone("train", ["tiny.json", "--quiet"]));
      for (const name of ["config.json", "model.safetensors", "manifest.json"]) {
        const path = join(folder, run, name);
        const content = await Deno.readFile(path);
        await Deno.remove(path);
        await Deno.symlink(`${secret}.json`, path);
        await expectRefusal(workspace, ["predict", run, "data/test-images"], "it lies outside");
        await Deno.remove(path);
        await Deno.writeFile(path, content);
      }
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }
  }));
