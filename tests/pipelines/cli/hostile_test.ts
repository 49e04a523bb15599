/** Hostile configs and run folders: each ends in a message that says what was expected, and in time. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../../lib/data/sha256.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

type Config = Record<string, unknown>;

const TEXT = JSON.stringify(TINY);

/** The tiny config with some keys set; undefined leaves one out. */
const withKeys = (keys: Config): string => JSON.stringify({ ...TINY, ...keys });

/** The tiny config with the options of a stage changed. */
function withStage(name: string, options: Config): string {
  const pipeline = TINY.pipeline.map((stage) =>
    stage.stage === name ? { ...stage, ...options } : stage
  );
  return JSON.stringify({ ...TINY, pipeline });
}

const dense = (units: unknown) => ({
  layers: [{ name: "dense", units }, { name: "relu" }, { name: "dense", units: 3 }],
});

/** Wrong configs by what is wrong, each with what the message says of it. */
const CONFIGS: Readonly<Record<string, readonly [text: string, said: RegExp]>> = {
  "a prototype": [
    '{"__proto__": {"name": "x"}, ' + TEXT.slice(1),
    /__proto__: expected no such key/,
  ],
  "a constructor": [withStage("split", { constructor: 1 }), /constructor.*: expected no such key/],
  "a prototype as data set": [
    withStage("load", { dataset: { name: "__proto__" } }),
    /dataset\.name.*: expected one of .* received "__proto__"/,
  ],
  "a name that leads out": [withKeys({ name: "../../tiny" }), /../],
  "an absolute name": [withKeys({ name: "/tmp/tiny" }), /../],
  "a name of dots": [withKeys({ name: ".." }), /../],
  "a long string": [
    withKeys({ description: "x".repeat(1e7) }),
    /expected at most \d+ (bytes|characters)/,
  ],
  "a long name": [
    withKeys({ name: "x".repeat(1e5) }),
    /name: expected a string of 1 to 64 characters/,
  ],
  "deep nesting": ["[".repeat(10_000), /expected at most 64 levels of nesting/],
  "deep objects": ['{"a":'.repeat(10_000), /expected at most 64 levels of nesting/],
  "a billion units": [withStage("train", dense(1e9)), /Cannot [a-z ]+: expected/],
  "no whole units": [withStage("train", dense(1.5)), /units.*: expected/],
  "negative units": [withStage("train", dense(-1)), /units.*: expected/],
  "a million layers": [
    withStage("train", { layers: Array.from({ length: 100_000 }, () => ({ name: "relu" })) }),
    /expected/,
  ],
  "a billion epochs of nothing": [withStage("train", { epochs: 1e300 }), /epochs.*: expected/],
  "a billion samples a batch": [withStage("train", { batchSize: 1e9 }), /batch/],
  "NaN": [TEXT.replace('"seed":1', '"seed":NaN'), /expected/],
  "infinity": [TEXT.replace("0.05", "1e999"), /expected a number below 1\.8e308/],
  "a key twice": [
    TEXT.replace('"seed":1', '"seed":1,"seed":2'),
    /expected each key once: received "seed" again/,
  ],
  "half a surrogate pair": [
    withKeys({ description: 1 }).replace('"description":1', '"description":"\\ud800"'),
    /half of a surrogate pair/,
  ],
  "a control character": [
    withKeys({ description: 1 }).replace('"description":1', '"description":"\x1b[2J"'),
    /control characters to be escaped/,
  ],
  "itself": ['{"extends": "config.json"}', /expected a chain of at most \d+ files that ends/],
  "a device": ['{"extends": "/dev/zero"}', /it is a device/],
  "a folder": ['{"extends": "data"}', /it is a folder/],
  "an empty file": ["", /expected/],
  "nothing but zeros": ["\0".repeat(1000), /expected/],
};

/** Milliseconds of a refusal, at most, on a machine with other work. */
const LONGEST = 10_000;

Deno.test("hostile configs are rejected in time, with the expected content, and leave no files", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("config.json", "");
    const before = workspace.list();
    for (const [what, [text, said]] of Object.entries(CONFIGS)) {
      await workspace.write("config.json", text);
      const begun = performance.now();
      const { code, stderr } = await workspace.run("train", ["config.json"]);
      const time = performance.now() - begun;
      if (code === 0) { // a name is made fit for a folder
        assertMatch(what, /name/, stderr);
        const runs = workspace.list("outputs");
        assert(runs.every((path) => /^[a-z-]*-[0-9a-f]{10}\//.test(path)), `${what}: ${runs}`);
        await Deno.remove(join(workspace.folder, "outputs"), { recursive: true });
        continue;
      }
      assert(code === 1 || code === 2, `${what}: ${code}: ${stderr}`);
      assertMatch(stderr, said, what);
      assert(stderr.length < 5000, `${what}: ${stderr.length} characters`);
      assert(time < LONGEST, `${what}: ${time} ms`);
      assertEquals(workspace.list().filter((path) => !path.startsWith("outputs/")), before, what);
    }
  }));

Deno.test("-0 in a config is 0", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const runs: string[] = [];
    for (const seed of ["0", "-0", "-0.0e0"]) {
      await workspace.write("config.json", TEXT.replace('"seed":1', `"seed":${seed}`));
      runs.push(runOf(await workspace.run("train", ["config.json", "--quiet"])));
    }
    assertEquals(new Set(runs).size, 1);
  }));

/** Changes a file of a run, and has the manifest say that it is so. */
async function forge(
  { folder }: Workspace,
  run: string,
  name: string,
  change: (text: string) => string,
): Promise<void> {
  const path = join(folder, run, name);
  const bytes = new TextEncoder().encode(change(await Deno.readTextFile(path)));
  await Deno.writeFile(path, bytes);
  const file = join(folder, run, "manifest.json");
  const manifest = JSON.parse(await Deno.readTextFile(file));
  const files = manifest.files.map((each: { readonly path: string }) =>
    each.path === name ? { path: name, bytes: bytes.length, sha256: sha256(bytes) } : each
  );
  await Deno.writeTextFile(file, JSON.stringify({ ...manifest, files }));
}

Deno.test("hostile run folders are rejected in time, and nothing outside of them is read or written", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { folder, run: call } = workspace;
    const run = runOf(await call("train", ["tiny.json", "--quiet"]));
    const whole = join(folder, run);
    const kept = join(folder, "kept");
    await copyFolder(whole, kept);
    const setConfig = (change: (config: Config) => Config) => () =>
      forge(workspace, run, "config.json", (text) => JSON.stringify(change(JSON.parse(text))));
    const setManifest = (change: (manifest: Config) => Config) => async () => {
      const path = join(whole, "manifest.json");
      const manifest = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify(change(manifest)));
    };
    const cases: Readonly<Record<string, readonly [() => Promise<void>, string[]]>> = {
      "a file of the manifest outside": [
        setManifest((m) => ({
          ...m,
          files: [{ path: "../../tiny.json", bytes: 1, sha256: "0".repeat(64) }],
        })),
        ["report", run],
      ],
      "a name of the run outside": [setManifest((m) => ({ ...m, run: "../../x" })), ["pack", run]],
      "a manifest of another kind": [setManifest(() => ({})), ["report", run]],
      "a deep manifest": [
        () => Deno.writeTextFile(join(whole, "manifest.json"), "[".repeat(1e5)),
        ["report", run],
      ],
      "data that is a device": [
        setManifest((m) => ({
          ...m,
          data: (m.data as Config[]).map((each) => ({ ...each, path: "/dev/zero" })),
        })),
        ["evaluate", run],
      ],
      "a config of other stages": [setConfig((c) => ({ ...c, pipeline: [] })), [
        "predict",
        run,
        "data/test-images",
      ]],
      "a config that extends": [setConfig((c) => ({ ...c, extends: "/etc/passwd" })), [
        "evaluate",
        run,
      ]],
      "metrics of another length": [
        () => forge(workspace, run, "metrics.jsonl", (text) => text + text),
        ["report", run],
      ],
      "a summary of a billion epochs": [
        () =>
          forge(
            workspace,
            run,
            "summary.json",
            (text) => text.replace(/"epochs": \d+/, '"epochs": 1000000000'),
          ),
        ["report", run],
      ],
    };
    for (const [what, [change, [task, ...args]]] of Object.entries(cases)) {
      await change();
      const begun = performance.now();
      const { code, stderr } = await call(task as Parameters<typeof call>[0], args);
      const time = performance.now() - begun;
      assertMatch(stderr, /^Cannot [^]*expected/, what);
      assert(code === 1 || code === 2, `${what}: ${code}`);
      assert(time < LONGEST, `${what}: ${time} ms`);
      await Deno.remove(whole, { recursive: true });
      await copyFolder(kept, whole);
    }
  }));

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
