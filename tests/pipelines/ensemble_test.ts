/** Ensembles: `deno task train`, `evaluate` and `predict` on a config whose members are runs. */
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { averageEvaluations } from "../../lib/evaluate/mod.ts";
import { jsonLines } from "../../lib/run/json.ts";
import { suspiciousLines } from "../../lib/run/suspicious.ts";
import { readRecord } from "../../pipelines/experiment/read_run.ts";
import { figuresOf, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** The tiny config as an ensemble. */
const ensembleOf = (ensemble: unknown) => ({ ...TINY, name: "ensemble", ensemble });

/** Names of the finished runs. */
function finished({ list }: Workspace): string[] {
  return list("outputs").flatMap((path) => /^(.*)\/manifest\.json$/.exec(path)?.[1] ?? []);
}

Deno.test("train on an ensemble trains its members, and averages their probabilities", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("ensemble.json", ensembleOf({ seed: [1, 2, 3] }));
    const trained = await workspace.run("train", ["ensemble.json"]);
    assertEquals(trained.code, 0, trained.stderr);
    assertEquals(finished(workspace).length, 4);
    // another seed holds other samples out, so there is no validation split to average on
    const left = 'not averaged on "validation": its samples differ between members\n';
    assertStringIncludes(trained.stderr, left);
    const run = runOf(trained);
    const record = await readRecord(join(workspace.folder, run));
    assertEquals(record.members?.map(({ settings }) => settings), [
      [{ key: "seed", value: 1 }],
      [{ key: "seed", value: 2 }],
      [{ key: "seed", value: 3 }],
    ]);
    const members = record.members?.map(({ run }) => run) ?? [];
    const records = await Promise.all(
      members.map((member) => readRecord(join(workspace.folder, "outputs", member))),
    );
    const said = records.map(({ evaluations }) => evaluations[1]);
    assertEquals(said.map(({ split }) => split), ["test", "test", "test"]);
    assertEquals(record.evaluations, [averageEvaluations(said)]);
    assertEquals(record.parameters, 3 * (records[0]?.parameters ?? NaN));
    assertEquals(workspace.list(run).includes("model.safetensors"), false);
    const report = await Deno.readTextFile(join(workspace.folder, run, "report.svg"));
    const suspicious = suspiciousLines(record.evaluations, record.classes);
    assertGreater(suspicious.length, 0);
    const file = await Deno.readTextFile(join(workspace.folder, run, "suspicious.jsonl"));
    assertEquals(file, jsonLines(suspicious));
    for (const text of ["Suspicious labels", "Members", ...members]) {
      assertStringIncludes(report, `>${text}<`);
    }

    const promised = workspace.promised(run);
    const again = await workspace.run("train", ["ensemble.json"]);
    assertStringIncludes(again.stderr, `already finished: ${run}\n`);
    assertEquals(again.stderr.match(/: already finished: validation/g)?.length, 3);
    const fresh = await workspace.run("train", ["ensemble.json", "--fresh", "--threads", "1"]);
    assertEquals(runOf(fresh), run);
    assertEquals(workspace.promised(run), promised);

    const alone = await workspace.run("train", ["tiny.json", "--set", "seed=2", "--quiet"]);
    assertEquals(runOf(alone).slice(-10), members[1]?.slice(-10)); // the id of the same run
    const other = await workspace.run("train", ["ensemble.json", "--set", "train.epochs=3"]);
    assertNotEquals(runOf(other), run);
  }));

Deno.test("evaluate and predict on an ensemble run its members", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const methods = { "normalize.method.name": ["unit", "standardize", "none"] };
    await workspace.write("ensemble.json", ensembleOf(methods));
    const trained = await workspace.run("train", ["ensemble.json"]);
    assertEquals(trained.code, 0, trained.stderr);
    const run = runOf(trained);
    const lines = figuresOf(trained);
    assertEquals(lines.length, 2);
    const evaluated = await workspace.run("evaluate", [run]);
    assertEquals([evaluated.code, evaluated.stdout], [0, `${lines.join("\n")}\n`]);

    const predicted = await workspace.run("predict", [run, "data/test-images"]);
    assertEquals(predicted.code, 0, predicted.stderr);
    const { evaluations } = await readRecord(join(workspace.folder, run));
    const { probabilities } = evaluations[1];
    predicted.stdout.trimEnd().split("\n").slice(1).forEach((line, sample) => {
      const best = Math.max(...probabilities.subarray(3 * sample, 3 * sample + 3));
      assertAlmostEquals(Number(line.split("\t")[2]), best, 0.00005 + 1e-12); // printed to 4 decimals
    });

    const [member] = (await readRecord(join(workspace.folder, run))).members ?? [];
    await Deno.remove(join(workspace.folder, "outputs", `${member?.run}`), { recursive: true });
    const missing = await workspace.run("predict", [run, "data/test-images"]);
    assertEquals([missing.code, missing.stdout], [1, ""]);
    assertStringIncludes(missing.stderr, `Cannot read run "outputs/${member?.run}": expected the `);
  }));

Deno.test("train reports an ensemble that cannot be averaged, before or after its members", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "evaluate" ? { stage: "evaluate", on: ["validation"] } : stage
    );
    await workspace.write("apart.json", { ...ensembleOf({ seed: [1, 2] }), pipeline });
    const apart = await workspace.run("train", ["apart.json"]);
    assertEquals([apart.code, apart.stdout], [1, ""]);
    assertEquals(
      apart.stderr,
      "Cannot form ensemble: expected a split with the same samples for all members, for example " +
        '"on": ["test"] in the stage "evaluate": received "validation", which differ\n',
    );
    assertEquals(workspace.list().filter((path) => path.startsWith("outputs")), []);

    const rates = ensembleOf({ "train.learningRate.rate": [0.05, 1e30] });
    await workspace.write("failing.json", rates);
    const failing = await workspace.run("train", ["failing.json"]);
    assertEquals([failing.code, failing.stdout], [1, ""]);
    const last =
      "Cannot form ensemble: expected all 2 members: received 1 that failed: rate 1e30\n";
    assertStringIncludes(failing.stderr, last);
    assertStringIncludes(failing.stderr, "/2  rate 1e30: failed: Training diverged");
    assertEquals(finished(workspace).length, 1);
  }));
