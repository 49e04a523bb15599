/** Training runs again and comparing all their bytes, by the command. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../lib/data/sha256.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** Trains the tiny config with options of the command; returns the run folder. */
async function trained(workspace: Workspace, ...args: readonly string[]): Promise<string> {
  await writeTiny(workspace);
  return runOf(await workspace.run("train", ["tiny.json", ...args]));
}

function reproduce(workspace: Workspace, ...args: readonly string[]) {
  return workspace.run("reproduce", ["--quiet", ...args]);
}

/** Changes a file of a run, and its hash in the manifest, as if the run had been made so. */
async function forge(
  { folder }: Workspace,
  run: string,
  name: string,
  change: (text: string) => string,
) {
  const [path, manifest] = [join(folder, run, name), join(folder, run, "manifest.json")];
  const before = await Deno.readFile(path);
  const after = new TextEncoder().encode(change(new TextDecoder().decode(before)));
  await Deno.writeFile(path, after);
  const text = await Deno.readTextFile(manifest);
  await Deno.writeTextFile(manifest, text.replace(sha256(before), sha256(after)));
}

Deno.test("reproduce finds the same bytes by another number of workers, and leaves no files", () =>
  inWorkspace(async (workspace) => {
    const run = await trained(workspace);
    const before = workspace.list();
    const { code, stdout, stderr } = await reproduce(workspace, run, "--threads", "3");
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /model\.safetensors +([0-9a-f]{12}) +\1 +same\n/);
    assertMatch(stdout, /\nsame bytes in (\d+) of \1 files\n$/);
    assertEquals(workspace.list(), before);
    const ofConfig = await reproduce(workspace, "tiny.json");
    assertEquals(ofConfig, { code, stdout, stderr });
  }));

Deno.test("reproduce accepts a member of a sweep, an ensemble, and a run that started from another", () =>
  inWorkspace(async (workspace) => {
    const run = await trained(workspace);
    const more = ["--set", "train.epochs=3", "--from", run, "--continue"];
    const later = runOf(await workspace.run("train", ["tiny.json", ...more]));
    const on = ["evaluate", { stage: "evaluate", on: ["test"] }] as const;
    const pipeline = TINY.pipeline.map((stage) => stage.stage === on[0] ? on[1] : stage);
    await workspace.write("sweep.json", { ...TINY, sweep: { seed: [1, 2] } });
    await workspace.write("ensemble.json", { ...TINY, pipeline, ensemble: { seed: [1, 2] } });
    await workspace.run("sweep", ["sweep.json"]);
    const ensemble = runOf(await workspace.run("train", ["ensemble.json"]));
    const member = Array.from(
      Deno.readDirSync(join(workspace.folder, "outputs")),
      ({ name }) => name,
    )
      .find((name) => name.startsWith("tiny-") && !run.endsWith(name) && !later.endsWith(name));
    for (const path of [later, `outputs/${member}`, ensemble]) {
      const { code, stderr } = await reproduce(workspace, path);
      assertEquals([code, stderr], [0, ""], path);
    }
  }));

Deno.test("reproduce distinguishes a changed seed, a flipped bit of data and a run of another version", () =>
  inWorkspace(async (workspace) => {
    const run = await trained(workspace);
    const { folder } = workspace;
    const copy = async (name: string) => {
      await Deno.mkdir(join(folder, "outputs", name));
      for (const path of workspace.list(run)) {
        const bytes = await Deno.readFile(join(folder, run, path));
        await workspace.write(`outputs/${name}/${path}`, bytes);
      }
      return `outputs/${name}`;
    };

    const edited = await copy("edited");
    const config = await Deno.readTextFile(join(folder, edited, "config.json"));
    await workspace.write(`${edited}/config.json`, config.replace('"seed": 1', '"seed": 2'));
    const changed = await reproduce(workspace, edited);
    assertEquals([changed.code, changed.stdout], [1, ""]);
    assertStringIncludes(changed.stderr, "changed since the run was finished: config.json");

    const forged = await copy("forged");
    await forge(workspace, forged, "config.json", (text) => text.replace('"seed": 1', '"seed": 2'));
    const seed = await reproduce(workspace, forged);
    assertEquals([seed.code, seed.stdout], [1, ""]);
    assertMatch(
      seed.stderr,
      /expected the config and data of id [0-9a-f]{10}: received those of/,
    );
    assertStringIncludes(
      seed.stderr,
      "an option, such as the seed, or a hash of the data was changed",
    );

    const older = await copy("older");
    const manifest = join(folder, older, "manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(
      manifest,
      text.replace('"format": 4', '"format": 3').replace(
        '"ann-mlp": "0.1.0"',
        '"ann-mlp": "0.0.9"',
      ),
    );
    await forge(
      workspace,
      older,
      "metrics.jsonl",
      (text) => text.replace(/"loss":\d/, '"loss":9'),
    );
    const version = await reproduce(workspace, older);
    assertEquals([version.code, version.stderr], [1, ""]);
    assertMatch(
      version.stdout,
      /metrics\.jsonl: epoch 1: train\.loss: expected 9\.\d+, found \d\.\d+\n/,
    );
    assertStringIncludes(version.stdout, "environment: format: expected 3, found 4\n");
    assertStringIncludes(version.stdout, "environment: ann-mlp: expected 0.0.9, found 0.1.0\n");
    assertStringIncludes(version.stdout, "training differs: the run was made by another version");
    const kept = version.stdout.trimEnd().split("\n").at(-1) ?? "";
    assertEquals(workspace.promised(kept), workspace.promised(run)); // kept, to be looked at

    const images = await Deno.readFile(join(folder, "data/images"));
    images[images.length - 1] ^= 1;
    await workspace.write("data/images", images);
    const flipped = await reproduce(workspace, run);
    assertEquals([flipped.code, flipped.stdout], [1, ""]);
    assertStringIncludes(flipped.stderr, "expected its images with SHA-256 ");
    assertStringIncludes(flipped.stderr, "received other content in ");
  }));

Deno.test("reproduce reports runs that it cannot train again", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const untrained = await reproduce(workspace, "tiny.json");
    assertEquals([untrained.code, untrained.stdout], [1, ""]);
    assertStringIncludes(untrained.stderr, "received none: train it first");
    const none = await reproduce(workspace, "data");
    assertStringIncludes(
      none.stderr,
      'Cannot read run "data": expected the folder of a finished run',
    );
    assertEquals((await workspace.run("reproduce", [])).code, 2);
  }));
