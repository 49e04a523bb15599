/** What deno.json promises: a sandbox for every task, and a gate that leaves nothing out. */
import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { datasets } from "../lib/data/datasets/mod.ts";
import type { DatasetSource } from "../lib/data/datasets/source.ts";
import { commands } from "../pipelines/commands.ts";
import { command as kernels } from "../pipelines/tools/kernels.ts";
import { command as schema } from "../pipelines/tools/schema.ts";
import { command as bench } from "./bench/bench.ts";

const ROOT = new URL("../", import.meta.url);
const tasks: Readonly<Record<string, { readonly command: string; readonly description: string }>> =
  deno.tasks;

/** Where the tasks that deal with configs and data, however hostile, may write. */
const WRITES: Readonly<Record<string, string>> = {
  train: "outputs,.cache",
  "train:blas": "outputs,.cache",
  sweep: "outputs,.cache",
  "lr-range": "outputs,.cache",
  verify: "outputs,.cache",
  evaluate: ".cache",
  profile: "outputs,.cache",
  explore: "outputs,.cache",
  predict: "",
  compare: "outputs",
  report: "outputs",
  runs: "outputs",
  data: ".cache",
};

/** The tasks among them that load data sets. */
const LOADS = [
  "train",
  "train:blas",
  "sweep",
  "lr-range",
  "verify",
  "evaluate",
  "profile",
  "explore",
  "data",
];

/** The task that may call a native library, which opens the sandbox, and calls one. */
const NATIVE = "train:blas";

function flagsOf(task: string): readonly string[] {
  return tasks[task]?.command.split(" ").filter((word) => word.startsWith("-")) ?? [];
}

function mirrorHosts(): readonly string[] {
  const sources: readonly DatasetSource[] = [
    datasets.create({ name: "mnist" }),
    datasets.create({ name: "fashion-mnist" }),
  ];
  const mirrors = sources.flatMap((source) => source.kind === "published" ? source.mirrors : []);
  return [...new Set(mirrors.map((mirror) => new URL(mirror).host))].sort();
}

for (const [task, write] of Object.entries(WRITES)) {
  const more = task === NATIVE ? "call a native library and " : "";
  const writes = write === "" ? "in no folder" : `in ${write}`;
  Deno.test(`deno task ${task} reads, writes ${writes} and may ${more}do nothing else`, () => {
    const net = `--allow-net=${mirrorHosts().join(",")}`;
    const given = flagsOf(task).filter((flag) => !flag.startsWith("--v8-flags="))
      .map((flag) => flag.startsWith("--allow-net=") ? sortedHosts(flag) : flag);
    assertEquals(given, [
      "--no-prompt",
      "--allow-read",
      ...(write === "" ? [] : [`--allow-write=${write}`]),
      ...(LOADS.includes(task) ? [net] : []),
      ...(task === NATIVE ? ["--allow-ffi", "--backend"] : []),
    ]);
  });
}

Deno.test("no task of users but train:blas may call native libraries", () => {
  const native = Object.keys(tasks).filter((task) => flagsOf(task).includes("--allow-ffi"));
  assertEquals(native, [NATIVE]);
  assert(tasks[NATIVE]?.command.endsWith(" pipelines/train.ts --backend blas"));
});

Deno.test("deno task bench may run peers with an environment, and write in outputs", () => {
  const given = flagsOf("bench").filter((flag) => !flag.startsWith("--v8-flags="));
  const permissions = ["--allow-read", "--allow-write=outputs", "--allow-env", "--allow-run"];
  assertEquals(given, ["--no-prompt", ...permissions]);
});

/** The tasks that compute: training, asking, measuring, and the tests of what they compute. */
const COMPUTES = [
  "train",
  "train:blas",
  "sweep",
  "lr-range",
  "verify",
  "evaluate",
  "predict",
  "profile",
  "test:flags",
  "bench",
];

/** What V8 is told, each for a reason that the page on performance gives. */
const V8_FLAGS = [
  "--no-liftoff",
  "--no-wasm-bounds-checks",
  "--experimental-wasm-revectorize",
  "--max-semi-space-size=1",
];

Deno.test("all tasks that compute have the same V8 flags, and no others have any", () => {
  const v8FlagsOf = (task: string) =>
    flagsOf(task).filter((flag) => flag.startsWith("--v8-flags="));
  for (const task of Object.keys(tasks)) {
    const expected = COMPUTES.includes(task) ? [`--v8-flags=${V8_FLAGS.join(",")}`] : [];
    assertEquals(v8FlagsOf(task), expected, task);
  }
});

Deno.test("the page on performance explains every V8 flag", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/performance.md", ROOT));
  for (const flag of V8_FLAGS) assert(page.includes(`\`${flag}\``), flag);
});

function sortedHosts(flag: string): string {
  const [name, hosts = ""] = flag.split("=");
  return `${name}=${hosts.split(",").sort().join(",")}`;
}

Deno.test("every task says what it does, a command's task what the command says", () => {
  for (const [name, { description }] of Object.entries(tasks)) {
    assert(/^[A-Z].*[^.]$/.test(description), `${name}: "${description}"`);
  }
  for (const { name, summary } of [...commands, bench, kernels, schema]) {
    assertEquals(tasks[name]?.description, summary);
  }
});

Deno.test("the gate is its static part and the tests, as .ci/run takes it", async () => {
  assertEquals(tasks.ok?.command, "deno task static && deno task test --no-check");
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  for (
    const command of ["npx -y deno@2.9.6 task test", "deno task static", "deno task test:flags"]
  ) {
    assert(script.includes(command), command);
  }
});

Deno.test("the types of every module are checked, but for AssemblyScript's", async () => {
  const patterns = tasks.check?.command.split(" ").filter((word) => word.startsWith("lib/")) ?? [];
  const expressions = patterns.map((pattern) =>
    new RegExp(`^${pattern.replaceAll("*", "[^/]+").replaceAll(".", "\\.")}$`)
  );
  const modules = (await filesBelow("lib")).filter((path) =>
    path.endsWith(".ts") && path !== "lib/std.d.ts" && !path.includes("/wasm/assembly/")
  );
  assert(modules.length > 100);
  for (const path of modules) assert(expressions.some((pattern) => pattern.test(path)), path);
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    paths.push(...(isDirectory ? await filesBelow(path) : [path]));
  }
  return paths.sort();
}
