/** Restrictions of every task in deno.json, and the completeness of the gate. */
import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { commands } from "../pipelines/commands.ts";
import { command as kernels } from "../pipelines/tools/kernels.ts";
import { command as sbom } from "../pipelines/tools/sbom.ts";
import { command as schema } from "../pipelines/tools/schema.ts";
import { command as tasksCommand, commandTasks, installCommand } from "../pipelines/tools/tasks.ts";
import { V8_FLAGS, V8_FLAGS_CHOICE } from "../pipelines/tools/v8_flags.ts";
import { command as bench } from "./bench/bench.ts";
import { command as fuzz } from "./fuzz/fuzz.ts";
import { command as prove } from "./prove/prove.ts";

const ROOT = new URL("../", import.meta.url);
const tasks: Readonly<Record<string, { readonly command: string; readonly description: string }>> =
  deno.tasks;

/** The tasks that may call a native library, which opens the sandbox, and call one. */
const NATIVE = ["train:blas", "train:mpi"];

/** The flags of a task besides V8's. */
function flagsOf(task: string): readonly string[] {
  const words = tasks[task]?.command.replace(V8_FLAGS_CHOICE, "").split(" ") ?? [];
  return words.filter((word) => word.startsWith("-"));
}

const HOSTS = "ossci-datasets.s3.amazonaws.com,storage.googleapis.com," +
  "fashion-mnist.s3-website.eu-central-1.amazonaws.com";

Deno.test("the tasks of commands are the declared ones", () => {
  for (const [name, task] of Object.entries(commandTasks())) assertEquals(tasks[name], task, name);
});

Deno.test("deno task NAME is ann NAME, and nothing more", () => {
  for (const { name } of commands) assertEquals(tasks[name]?.command, `deno task -q ann ${name}`);
});

Deno.test("deno task ann reads, writes in two folders, loads from mirrors, and nothing else", () => {
  const sandbox = [
    "--no-prompt",
    "--allow-read",
    "--allow-write=outputs,.cache",
    `--allow-net=${HOSTS}`,
    "--allow-env=INIT_CWD",
  ];
  assertEquals(flagsOf("ann"), sandbox);
  assertEquals(flagsOf("train:blas"), [...sandbox, "--allow-ffi", "--backend"]);
  const launchers = "--allow-env=INIT_CWD,OMPI_COMM_WORLD_SIZE,PMI_SIZE,PMIX_RANK";
  assertEquals(flagsOf("train:mpi"), [...sandbox.with(-1, launchers), "--allow-ffi", "--mpi"]);
});

Deno.test("every command drops the permissions that it does not need", () => {
  const needs = Object.fromEntries(commands.map(({ name, needs = [] }) => [name, needs.join(" ")]));
  assertEquals(needs, {
    check: "cache mirrors",
    explore: "outputs cache mirrors",
    train: "outputs cache mirrors",
    sweep: "outputs cache mirrors",
    "lr-range": "outputs cache mirrors",
    verify: "outputs cache mirrors",
    reproduce: "outputs cache mirrors",
    pack: "outputs",
    evaluate: "cache mirrors",
    predict: "",
    compare: "outputs",
    report: "outputs",
    profile: "outputs cache mirrors",
    runs: "outputs",
    data: "cache mirrors",
    exercise: "outputs",
    explain: "outputs cache mirrors",
  });
});

Deno.test("the page on permissions shows the command that installs ann, with the same restrictions", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/permissions.md", ROOT));
  assert(page.includes(`\n${installCommand()}\n`), installCommand());
  const flags = installCommand().split(" ").filter((word) => /^--(allow|no-prompt|v8)/.test(word));
  assertEquals(flags, [
    "--no-prompt",
    "--allow-read",
    '--allow-write="outputs,$HOME/.cache/ann-mlp"',
    `--allow-net=${HOSTS}`,
    "--v8-flags=--no-liftoff,--no-wasm-bounds-checks,--max-semi-space-size=1",
  ]);
});

Deno.test("no task of users except train:blas and train:mpi may call native libraries", () => {
  const native = Object.keys(tasks).filter((task) => flagsOf(task).includes("--allow-ffi"));
  assertEquals(native, NATIVE);
  assert(tasks["train:blas"]?.command.endsWith(" pipelines/ann.ts train --backend blas"));
  assert(tasks["train:mpi"]?.command.endsWith(" pipelines/ann.ts train --mpi"));
});

Deno.test("deno task bench may run peers with an environment, and write to outputs", () => {
  const permissions = ["--allow-read", "--allow-write=outputs", "--allow-env", "--allow-run"];
  assertEquals(flagsOf("bench"), ["--no-prompt", ...permissions]);
});

/** The tasks that compute: commands, measuring, and the tests of what they compute. */
const COMPUTES = ["ann", ...NATIVE, "test:flags", "bench", "bench:ranks"];

Deno.test("all tasks that compute choose V8's flags in the same way, and no others have any", () => {
  for (const [task, { command }] of Object.entries(tasks)) {
    assertEquals(command.includes(` ${V8_FLAGS_CHOICE} `), COMPUTES.includes(task), task);
    if (task === "install" || task.startsWith("v8-flags")) continue;
    assert(!command.replace(V8_FLAGS_CHOICE, "").includes("v8-flags"), task);
  }
});

Deno.test("the page on performance explains every V8 flag", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/performance.md", ROOT));
  for (const flag of V8_FLAGS) assert(page.includes(`\`${flag}\``), flag);
});

Deno.test("every task has a description, a command's task that of the command", () => {
  for (const [name, { description }] of Object.entries(tasks)) {
    assert(/^[A-Z].*[^.]$/.test(description), `${name}: "${description}"`);
  }
  for (
    const { name, summary } of [
      ...commands,
      bench,
      prove,
      fuzz,
      kernels,
      sbom,
      schema,
      tasksCommand,
    ]
  ) {
    assertEquals(tasks[name]?.description, summary);
  }
});

Deno.test("all tasks use the lock file without changes, except for the one that loads nothing", () => {
  assertEquals(deno.lock, { frozen: true });
  const free = Object.entries(tasks).filter(([, { command }]) =>
    /--(no-lock|frozen)/.test(command)
  );
  assertEquals(free.map(([name]) => name), ["v8-flags:known"]);
});

Deno.test("no package has an install script, and no task or check would run one", async () => {
  const { npm } = JSON.parse(await Deno.readTextFile(new URL("deno.lock", ROOT)));
  for (const [name, entry] of Object.entries<object>(npm)) assert(!("scripts" in entry), name);
  for (const path of ["deno.json", ".ci/run", "README.md"]) {
    assert(!(await Deno.readTextFile(new URL(path, ROOT))).includes("allow-scripts"), path);
  }
});

Deno.test("the gate consists of its static part and the tests, as in .ci/run", async () => {
  assertEquals(tasks.ok?.command, "deno task static && deno task test --no-check");
  const script = await Deno.readTextFile(new URL(".ci/run", ROOT));
  for (
    const command of ["npx -y deno@2.9.6 task test", "deno task static", "deno task test:flags"]
  ) {
    assert(script.includes(command), command);
  }
});

Deno.test("the types of every module are checked, except those of AssemblyScript", async () => {
  const patterns = tasks.types?.command.split(" ").filter((word) => word.startsWith("lib/")) ?? [];
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
