/** The README's first command on arm64, whose V8 does not know all flags of x86-64's. */
import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../lib/data/sha256.ts";
import { inWorkspace, PROMISED, TINY, writeTiny } from "../pipelines/workspace.ts";
import { withArm64Deno } from "./arm64.ts";
import { withRun } from "./task.ts";

/** Seconds after which an emulated run, which now and then does not end, is taken for stuck. */
const LIMIT = 120;

Deno.test("deno task train trains on arm64, to the bytes of x86-64", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const config = join(workspace.folder, "tiny.json");
    const text = JSON.stringify(TINY).replaceAll('"data/', `"${workspace.folder}/data/`);
    await Deno.writeTextFile(config, text);
    const files: Record<string, string> = {};
    await withRun([config], async (run) => {
      for await (const { name, isFile } of Deno.readDir(run)) {
        if (isFile && PROMISED.test(name)) files[name] = await hashOf(join(run, name));
      }
    });
    assertGreater(Object.keys(files).length, 5);
    await withArm64Deno(async (deno) => {
      const train = () =>
        withRun([config], async (run) => {
          const manifest = JSON.parse(await Deno.readTextFile(join(run, "manifest.json")));
          assertEquals(manifest.machine.architecture, "aarch64");
          for (const [name, hash] of Object.entries(files)) {
            assertEquals(await hashOf(join(run, name)), hash, name);
          }
        }, { program: ["timeout", "--signal=KILL", String(LIMIT), deno] });
      await train();
    });
  }));

async function hashOf(path: string): Promise<string> {
  return sha256(await Deno.readFile(path));
}
