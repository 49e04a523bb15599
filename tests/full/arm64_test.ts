/** The README's first command on arm64, whose V8 does not know all flags of x86-64's. */
import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../lib/data/sha256.ts";
import { inWorkspace, PROMISED, TINY, writeTiny } from "../pipelines/workspace.ts";
import { withArm64Deno } from "./arm64.ts";
import { type TaskOptions, withRun } from "./task.ts";

/** Seconds after which an emulated run is taken for stuck, as one now and then is, and tried again. */
const LIMIT = 200;

Deno.test("deno task train trains on arm64, to the bytes of x86-64", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const config = join(workspace.folder, "tiny.json");
    const text = JSON.stringify(TINY).replaceAll('"data/', `"${workspace.folder}/data/`);
    await Deno.writeTextFile(config, text);
    const expected = await trained(config);
    assertEquals(expected.architecture, Deno.build.arch);
    await withArm64Deno(async (deno) => {
      const emulated = () => trained(config, ["timeout", "--signal=KILL", String(LIMIT), deno]);
      const { architecture, files } = await emulated().catch(emulated);
      assertEquals(architecture, "aarch64");
      assertGreater(Object.keys(files).length, 5);
      assertEquals(files, expected.files);
    });
  }));

/** Trains by one worker, and returns the hashes of the promised files besides charts. */
async function trained(config: string, program?: TaskOptions["program"]) {
  const files: Record<string, string> = {};
  let architecture = "";
  await withRun([config, "--threads", "1"], async (run) => {
    const { machine } = JSON.parse(await Deno.readTextFile(join(run, "manifest.json")));
    architecture = machine.architecture;
    for (const { name } of Deno.readDirSync(run)) {
      if (PROMISED.test(name)) files[name] = sha256(await Deno.readFile(join(run, name)));
    }
  }, program && { program });
  return { architecture, files };
}
