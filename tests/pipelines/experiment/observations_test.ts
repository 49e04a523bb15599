/** Observations of runs for reports, by the commands. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../../lib/data/sha256.ts";
import { readRecord } from "../../../pipelines/experiment/read_run.ts";
import { type ObservedValues, valuesOf } from "../../observe/values.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const FILE = "observations.safetensors";

/** Trains the tiny network, or another config; returns the run folder. */
async function train({ run }: Workspace, ...args: readonly string[]): Promise<string> {
  const ended = await run("train", ["tiny.json", "--quiet", ...args]);
  assertEquals(ended.code, 0, ended.stderr);
  return runOf(ended);
}

async function observationsOf({ folder }: Workspace, run: string): Promise<ObservedValues> {
  const { observations } = await readRecord(join(folder, run));
  assert(observations !== undefined);
  return valuesOf(observations);
}

Deno.test("train observes the network during training, its first and last weights, its last layer, and the data", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = await train(workspace);
    const { distributions, first, embedding, data } = await observationsOf(workspace, run);
    assertEquals(distributions?.moments.map(({ step }) => step), [0, 3, 6]);
    assertEquals(distributions?.series.length, 1 + 4 + 4);
    assertEquals([first?.shown, first?.before?.length, first?.after?.length], [6, 84, 84]);
    assertNotEquals(first?.before, first?.after);
    assertEquals([embedding?.split, embedding?.layer, embedding?.units], ["test", "relu1", 6]);
    const { evaluations } = await readRecord(join(workspace.folder, run));
    const test = evaluations.find(({ split }) => split === "test");
    assertEquals([embedding?.rows, embedding?.labels], [test?.rows, test?.labels]);
    const counts = data?.splits.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
    assertEquals(counts?.slice(1), evaluations.map(({ rows }) => rows.length));
    assertEquals(data?.shape, [2, 7]);

    const promised = workspace.promised(run);
    assert(FILE in promised);
    await train(workspace, "--fresh", "--threads", "3");
    assertEquals(workspace.promised(run), promised);
  }));

Deno.test("train without a report observes nothing, and learns the same", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = await train(workspace);
    await workspace.write("tiny.json", { ...TINY, pipeline: TINY.pipeline.slice(0, -1) });
    const silent = await train(workspace);
    const [seen, unseen] = [workspace.promised(run), workspace.promised(silent)];
    assertEquals(FILE in unseen, false);
    for (
      const name of ["model.safetensors", "metrics.jsonl", "results.safetensors", "summary.json"]
    ) {
      assertEquals(unseen[name], seen[name], name);
    }
    const [checkpoint] = Object.keys(unseen).filter((name) => name.startsWith("checkpoints/"));
    const sizeOf = (of: string) => Deno.statSync(join(workspace.folder, of, checkpoint ?? "")).size;
    assert(sizeOf(silent) < sizeOf(run));
    assertEquals((await readRecord(join(workspace.folder, silent))).observations, undefined);
  }));

Deno.test("report draws a run without observations, and rejects changed ones", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = await train(workspace);
    const path = join(workspace.folder, run);
    const bytes = await Deno.readFile(join(path, FILE));
    await workspace.write(`${run}/${FILE}`, bytes.toReversed());
    const changed = await workspace.run("report", [run]);
    assertEquals(changed, {
      code: 1,
      stdout: "",
      stderr: `Cannot read run "${run}": expected its files as its manifest has them: ` +
        `received another "${FILE}"\n`,
    });

    await Deno.remove(join(path, FILE));
    const manifest = JSON.parse(await Deno.readTextFile(join(path, "manifest.json")));
    const files = manifest.files.filter((file: { path: string }) => file.path !== FILE);
    await workspace.write(`${run}/manifest.json`, { ...manifest, files });
    const ended = await workspace.run("report", [run]);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    assertEquals((await readRecord(path)).observations, undefined);
    const again = await workspace.run("train", ["tiny.json"]); // nothing is missing that it names
    assertStringIncludes(again.stderr, "already finished");
  }));

Deno.test("train --from observes the other run's weights as its first, train --continue those of its beginning", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const run = await train(workspace);
    const { first, distributions } = await observationsOf(workspace, run);
    const from = await observationsOf(workspace, await train(workspace, "--from", run));
    assertEquals(from.first?.before, first?.after);
    assertEquals(from.distributions?.moments.map(({ epoch }) => epoch), [0, 1, 2]);
    const more = ["--set", "train.epochs=4", "--from", run, "--continue"];
    const continued = await observationsOf(workspace, await train(workspace, ...more));
    assertEquals(continued.first?.before, first?.before);
    assertEquals(continued.distributions?.moments.map(({ epoch }) => epoch), [0, 1, 2, 3, 4]);
    assertEquals(
      continued.distributions?.series.map(({ histograms }) => histograms.slice(0, 3)),
      distributions?.series.map(({ histograms }) => histograms),
    );
  }));

Deno.test("train observes a network without a hidden layer for one epoch, on reduced features", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { pipeline: [load, split, normalize, training, ...rest] } = TINY;
    const reduce = { stage: "reduce", method: { name: "pca", components: 4 } };
    const short = { ...training, layers: [{ name: "dense", units: 3 }], epochs: 1 };
    const pipeline = [load, split, normalize, reduce, short, ...rest];
    await workspace.write("tiny.json", { ...TINY, pipeline });
    const { distributions, first, embedding, data } = await observationsOf(
      workspace,
      await train(workspace),
    );
    assertEquals(distributions?.moments.map(({ epoch }) => epoch), [0, 1]);
    assertEquals(distributions?.series.map(({ kind, name }) => `${kind} ${name}`), [
      "parameter dense1.weight",
      "parameter dense1.bias",
      "gradient dense1.weight",
      "gradient dense1.bias",
    ]);
    assertEquals([first?.inputs, first?.shown, data?.shape], [4, 3, [2, 7]]);
    assertEquals(embedding, undefined);
  }));

Deno.test("train observes a table of four columns whose splits lack a class, for 40 epochs", () =>
  inWorkspace(async (workspace) => {
    // 3, 3 and 6 rows of the classes, of which 2 are held out: by largest remainders an "a" and a "c"
    const rows = Array.from({ length: 12 }, (_, i) => `${i},${i % 5},${-i},0.5,${"abcc"[i % 4]}`);
    await workspace.write("table.csv", ["p,q,r,s,class", ...rows].join("\n"));
    await workspace.write("test.csv", ["p,q,r,s,class", "1,2,3,4,a", "4,3,2,1,b"].join("\n"));
    const [, , normalize, training, ...rest] = TINY.pipeline;
    const load = { stage: "load", dataset: { name: "csv", path: "table.csv", test: "test.csv" } };
    const small = { ...training, batchSize: 4, epochs: 40 };
    const test = rest.map((stage) =>
      stage.stage === "evaluate" ? { ...stage, on: ["test"] } : stage
    );
    const pipeline = [
      load,
      { stage: "split", validation: 2 },
      { ...normalize, method: { name: "standardize" } },
      small,
    ];
    await workspace.write("tiny.json", { ...TINY, pipeline: [...pipeline, ...test] });
    const { distributions, data, embedding } = await observationsOf(
      workspace,
      await train(workspace),
    );
    assertEquals(distributions?.moments.length, 20);
    assertEquals(distributions?.moments.at(-1), { epoch: 40, step: 120 });
    assertEquals(data?.splits.map(({ counts }) => [...counts]), [[2, 3, 5], [1, 0, 1], [1, 1, 0]]);
    assertEquals([data?.shape, data?.means.length, data?.samples.rows.length], [[4], 12, 10]);
    assertEquals(embedding?.points.length, 4);
  }));

Deno.test("an ensemble observes the data, and no network", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const ensemble = { seed: [1, 2] };
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "evaluate" ? { stage: "evaluate", on: ["test"] } : stage
    );
    await workspace.write("tiny.json", { ...TINY, pipeline, ensemble });
    const run = await train(workspace);
    const { data, ...others } = await observationsOf(workspace, run);
    assertEquals(others, {});
    assertEquals(data?.splits.map(({ split }) => split), ["train", "validation", "test"]);
    const bytes = await Deno.readFile(join(workspace.folder, run, FILE));
    await train(workspace, "--fresh");
    assertEquals(sha256(await Deno.readFile(join(workspace.folder, run, FILE))), sha256(bytes));
  }));
