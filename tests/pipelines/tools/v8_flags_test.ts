/** V8's flags are chosen so that none keeps a Deno from starting. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import project from "../../../deno.json" with { type: "json" };
import { knownFlags, V8_FLAGS, V8_FLAGS_CHOICE } from "../../../pipelines/tools/v8_flags.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** Returns V8's output of `--help` for some flags. */
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

Deno.test("knownFlags() keeps all four flags for Deno 2.9.6 on x86-64", () => {
  assertEquals(V8_FLAGS.length, 4);
  assertEquals(knownFlags(V8_FLAGS, helpOf(V8_OF_2_9_6.x86_64)), V8_FLAGS);
});

Deno.test("knownFlags() omits flags of x86-64 on arm64", () => {
  const flags = knownFlags(V8_FLAGS, helpOf(V8_OF_2_9_6.aarch64));
  assertEquals(flags, V8_FLAGS.filter((flag) => flag !== "--experimental-wasm-revectorize"));
});

Deno.test("knownFlags() omits flags that another V8 lacks, possibly all", () => {
  assertEquals(knownFlags(V8_FLAGS, helpOf(["no-liftoff", "liftoff-only", "max-semi-space"])), []);
  assertEquals(knownFlags(V8_FLAGS, helpOf(["liftoff"])), ["--no-liftoff"]);
  assertEquals(knownFlags(V8_FLAGS, "V8 says something else\n"), []);
  assertEquals(knownFlags(V8_FLAGS, ""), []);
});

/** Runs a task with other flags than the project's; returns its exit code and output. */
async function startedWith(flags: readonly string[]) {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  try {
    const { "v8-flags": first, "v8-flags:known": second } = project.tasks;
    const tasks = { "v8-flags": first, "v8-flags:known": second };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ tasks }));
    await Deno.mkdir(join(folder, "pipelines/tools"), { recursive: true });
    const script = "pipelines/tools/v8_flags.ts";
    const text = await Deno.readTextFile(join(ROOT, script));
    const list = /(?<=V8_FLAGS: readonly string\[\] = )\[[^\]]*\]/;
    await Deno.writeTextFile(join(folder, script), text.replace(list, JSON.stringify(flags)));
    const choice = V8_FLAGS_CHOICE.replace(String(V8_FLAGS), String(flags));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "task",
        "-q",
        "--eval",
        `echo chosen: ${choice} && deno eval ${choice} 'console.log("started")'`,
      ],
      cwd: folder,
    }).output();
    const decoder = new TextDecoder();
    return [code, decoder.decode(stdout), decoder.decode(stderr)];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a task has all V8 flags if its Deno knows all", async () => {
  const started = await startedWith(["--no-liftoff", "--max-semi-space-size=1"]);
  const chosen = "--v8-flags=--no-liftoff,--max-semi-space-size=1";
  assertEquals(started, [0, `chosen: ${chosen}\nstarted\n`, ""]);
});

Deno.test("a task silently omits V8 flags that its Deno does not know", async () => {
  const started = await startedWith(["--no-liftoff", "--of-another-v8", "--max-semi-space-size=1"]);
  const chosen = "--v8-flags=--no-liftoff,--max-semi-space-size=1";
  assertEquals(started, [0, `chosen: ${chosen}\nstarted\n`, ""]);
});

Deno.test("a task starts if its Deno knows none of the V8 flags", async () => {
  assertEquals(await startedWith(["--of-another-v8"]), [0, "chosen:\nstarted\n", ""]);
});
