/** The stages "prepare" and "reduce" in whole runs: trained, killed, evaluated, asked. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeModel } from "../../../lib/run/model.ts";
import { figuresOf, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const PREPARE = {
  stage: "prepare",
  methods: [{ name: "deskew" }, { name: "center", interpolate: true }],
} as const;
const REDUCE = { stage: "reduce", method: { name: "pca", components: 0.9, whiten: true } };

/** The stages of the tiny config with others between. */
const [LOAD, SPLIT, NORMALIZE, ...REST] = TINY.pipeline;

/** Writes tiny.json and its data, and reduced.json. */
async function writeReduced(workspace: Workspace): Promise<void> {
  await writeTiny(workspace);
  const pipeline = [LOAD, SPLIT, PREPARE, NORMALIZE, REDUCE, ...REST];
  await workspace.write("reduced.json", { ...TINY, name: "reduced", pipeline });
}

Deno.test("train with preparation and reduction gives the same bytes for any number of workers; evaluate and predict agree", () =>
  inWorkspace(async (workspace) => {
    await writeReduced(workspace);
    const ended = await workspace.run("train", ["reduced.json", "--threads", "1"]);
    assertEquals(ended.code, 0, ended.stderr);
    const run = runOf(ended);
    const expected = workspace.promised(run);
    assert("charts/scree.svg" in expected);
    assertEquals(
      runOf(await workspace.run("train", ["reduced.json", "--fresh", "--threads=3"])),
      run,
    );
    assertEquals(workspace.promised(run), expected);

    const model = decodeModel(
      await Deno.readFile(join(workspace.folder, run, "model.safetensors")),
    );
    assertEquals(model.preparation, PREPARE.methods);
    const kept = model.normalization.reduction?.scale.length ?? 0;
    assert(kept > 1 && kept < 14, `${kept} components`);
    assertEquals(model.parameters.get("dense1.weight")?.shape, [kept, 6]);

    const lines = figuresOf(ended);
    assertEquals(lines.length, 2);
    const evaluated = await workspace.run("evaluate", [run]);
    assertEquals(evaluated, { code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
    const predicted = await workspace.run("predict", [run, "data/test-images"]);
    assertEquals(predicted.code, 0, predicted.stderr);
    const labels = (await Deno.readFile(join(workspace.folder, "data/test-labels"))).subarray(8);
    const right = predicted.stdout.trimEnd().split("\n").slice(1)
      .filter((line, row) => line.split("\t")[1] === `${labels[row]}`).length;
    assertStringIncludes(lines[1] ?? "", `, ${30 - right} mistake`);
    const redrawn = await workspace.run("report", [run]);
    assertEquals(redrawn.code, 0, redrawn.stderr);
    assertEquals(workspace.promised(run), expected);
  }));

Deno.test("train with preparation and reduction that is killed ends with the bytes of an undisturbed run", () =>
  inWorkspace(async (workspace) => {
    await writeReduced(workspace);
    const args = ["reduced.json", "--quiet", "--set", "train.epochs=150"];
    const run = runOf(await workspace.run("train", [...args, "--threads", "3"]));
    const expected = workspace.promised(run);
    await Deno.remove(join(workspace.folder, run), { recursive: true });

    await using child = workspace.start("train", [...args, "--threads", "1"]);
    const output = child.output();
    const isBegun = () =>
      workspace.list("outputs").some((path) => /step-\d+\.safet\w+$/.test(path));
    while (!isBegun()) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    assertEquals((await output).code, 137); // 128 + 9
    assertEquals(workspace.list(run).includes("manifest.json"), false);
    assertEquals(runOf(await workspace.run("train", args)), run);
    assertEquals(workspace.promised(run), expected);
  }));

Deno.test("profile measures the step of a reduced network", () =>
  inWorkspace(async (workspace) => {
    await writeReduced(workspace);
    const args = ["reduced.json", "--seconds", "0.1", "--threads", "1"];
    const { code, stdout, stderr } = await workspace.run("profile", args);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^reduced: (?!14-)\d+-6-3, batches of 16, /);
  }));

Deno.test("train rejects stages that come too late, and data that cannot be prepared or reduced", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const cases = [
      [
        [LOAD, SPLIT, NORMALIZE, PREPARE, ...REST],
        'stage 4 "prepare": expected to change "splits" before it is used: received it after "normalize": put it before that',
      ],
      [
        [LOAD, SPLIT, NORMALIZE, REST[0], REDUCE, ...REST.slice(1)],
        'stage 5 "reduce": expected to change "normalization" before it is used: received it after "train": put it before that',
      ],
      [
        [LOAD, SPLIT, REDUCE, NORMALIZE, ...REST],
        'stage 3 "reduce": expected "normalization" from an earlier stage: received none: put "normalize" before',
      ],
      [
        [LOAD, SPLIT, NORMALIZE, { ...REDUCE, method: { name: "pca", components: 15 } }, ...REST],
        "Cannot reduce 14 features: expected at most 14 components, as many as there are features: " +
        "received 15",
      ],
      [
        [LOAD, SPLIT, NORMALIZE, { ...REDUCE, method: { name: "pca", components: 1.5 } }, ...REST],
        "expected a fraction below 1, or a whole number of components: received 1.5",
      ],
      [
        [LOAD, SPLIT, NORMALIZE, { ...REDUCE, method: { name: "pca" } }, ...REST],
        "pipeline[3].method.components",
      ],
      [
        [LOAD, SPLIT, { stage: "prepare", methods: [] }, NORMALIZE, ...REST],
        "pipeline[2].methods",
      ],
    ] as const;
    for (const [pipeline, message] of cases) {
      await workspace.write("wrong.json", { ...TINY, pipeline });
      const { code, stdout, stderr } = await workspace.run("train", ["wrong.json"]);
      assert(code === 1 || code === 2, `${code}`);
      assertEquals(stdout, "");
      assertStringIncludes(stderr, message);
      assertEquals(workspace.list().includes("outputs"), false);
    }
  }));
