/** V8's flags are chosen so that none keeps a Deno from starting. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import project from "../../../deno.json" with { type: "json" };
import { knownFlags } from "../../../pipelines/tools/v8_flags.ts";
import { chosenV8Flags, V8_FLAGS } from "../../v8_flags.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));
const wanted = (await Deno.readTextFile(join(ROOT, "pipelines/v8_flags.txt"))).trim().split(",");

/** What V8 prints for `--help`, of so many flags. */
function helpOf(names: readonly string[]): string {
  const entries = names.map((name) =>
    `  --${name} (explained)\n        type: bool  default: --${name}`
  );
  return ["The following syntax:", "  --flag        (bool flags only)", ...entries, ""].join("\n");
}

/** Flags in V8 15.0.245.2, that of Deno 2.9.6, by architecture. */
const V8_OF_2_9_6 = {
  aarch64: ["liftoff", "wasm-bounds-checks", "max-semi-space-size", "trace-wasm-revectorize"],
  x86_64: ["liftoff", "wasm-bounds-checks", "experimental-wasm-revectorize", "max-semi-space-size"],
} as const;

Deno.test("knownFlags() has all four of Deno 2.9.6 on x86-64", () => {
  assertEquals(wanted.length, 4);
  assertEquals(knownFlags(wanted, helpOf(V8_OF_2_9_6.x86_64)), wanted);
});

Deno.test("knownFlags() leaves out on arm64 what V8 has on x86-64 alone", () => {
  const flags = knownFlags(wanted, helpOf(V8_OF_2_9_6.aarch64));
  assertEquals(flags, wanted.filter((flag) => flag !== "--experimental-wasm-revectorize"));
});

Deno.test("knownFlags() leaves out what another V8 does not have, down to nothing", () => {
  assertEquals(knownFlags(wanted, helpOf(["no-liftoff", "liftoff-only", "max-semi-space"])), []);
  assertEquals(knownFlags(wanted, helpOf(["liftoff"])), ["--no-liftoff"]);
  assertEquals(knownFlags(wanted, "V8 says something else\n"), []);
  assertEquals(knownFlags(wanted, ""), []);
});

/** What tasks choose from other flags than the project's, and how a program ends that has the choice. */
async function chosenFrom(flags: string) {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  try {
    await Deno.mkdir(join(folder, "pipelines/tools"), { recursive: true });
    const { "v8-flags": first, "v8-flags:known": second } = project.tasks;
    const tasks = { "v8-flags": first, "v8-flags:known": second };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ tasks }));
    await Deno.writeTextFile(join(folder, "pipelines/v8_flags.txt"), `${flags}\n`);
    const script = "pipelines/tools/v8_flags.ts";
    await Deno.copyFile(join(ROOT, script), join(folder, script));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "--eval", `deno eval ${V8_FLAGS} 'console.log("started")'`],
      cwd: folder,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { chosen: chosenV8Flags(folder), code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const STARTED = { code: 0, stdout: "started\n", stderr: "" };

Deno.test("a task has all V8 flags if its Deno knows all", async () => {
  const flags = "--no-liftoff,--max-semi-space-size=1";
  assertEquals(await chosenFrom(flags), { chosen: [`--v8-flags=${flags}`], ...STARTED });
});

Deno.test("a task starts without the V8 flags that its Deno does not know, and in silence", async () => {
  const flags = "--no-liftoff,--of-another-v8,--max-semi-space-size=1";
  const known = "--no-liftoff,--max-semi-space-size=1";
  assertEquals(await chosenFrom(flags), { chosen: [`--v8-flags=${known}`], ...STARTED });
});

Deno.test("a task starts if its Deno knows none of the V8 flags", async () => {
  assertEquals(await chosenFrom("--of-another-v8"), { chosen: [], ...STARTED });
});
