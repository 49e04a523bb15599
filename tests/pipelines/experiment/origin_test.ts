/** Beginning from another run: `deno task train --from RUN [--continue]`. */
import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { cosTurns } from "../../../lib/tensor/math/math.ts";
import { readRecord } from "../../../pipelines/experiment/read_run.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

/** Trains the tiny network; returns the run folder. */
async function train({ run }: Workspace, ...args: readonly string[]): Promise<string> {
  const ended = await run("train", ["tiny.json", "--quiet", ...args]);
  assertEquals(ended.code, 0, ended.stderr);
  return runOf(ended);
}

const epochs = (count: number) => ["--set", `train.epochs=${count}`];

/** Some of the promised files of a run, by their hashes. */
function hashes(workspace: Workspace, run: string, ...names: readonly string[]) {
  const all = workspace.promised(run);
  return names.map((name) => all[name] ?? `no ${name}`);
}

Deno.test("train --from starts with the weights of another run, and everything else anew", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const first = await train(workspace);
    // with a rate so small that no weight changes in 32 bits, the weights are still those
    const still = [
      "--set",
      'train.optimizer={"name":"sgd"}',
      "--set",
      "train.learningRate.rate=1e-30",
    ];
    const second = await train(workspace, "--from", first, ...still);
    const model = ["model.safetensors"];
    assertEquals(hashes(workspace, second, ...model), hashes(workspace, first, ...model));
    const alone = await train(workspace, ...still);
    assertNotEquals(alone, second);
    assertNotEquals(hashes(workspace, alone, ...model), hashes(workspace, first, ...model));

    const { epochs, origin } = await readRecord(join(workspace.folder, second));
    assertEquals(epochs.map(({ epoch, step }) => [epoch, step]), [[1, 3], [2, 6]]);
    const manifest = await Deno.readTextFile(join(workspace.folder, first, "manifest.json"));
    const { files } = JSON.parse(manifest) as { files: { path: string; sha256: string }[] };
    assertEquals(origin, {
      run: first.replace("outputs/", ""),
      kind: "weights",
      sha256: files.find(({ path }) => path === "model.safetensors")?.sha256 ?? "",
    });
    const report = await Deno.readTextFile(join(workspace.folder, second, "report.svg"));
    assertStringIncludes(report, `weights of ${first.replace("outputs/", "")}`);

    const promised = workspace.promised(second);
    const again = await train(workspace, "--from", first, ...still, "--fresh", "--threads", "3");
    assertEquals(again, second);
    assertEquals(workspace.promised(second), promised);
  }));

Deno.test("train --continue takes the steps of one longer training, if no rate depends on its length", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const set = ["--set", 'train.optimizer={"name":"adam"}'];
    const [short, long] = [
      await train(workspace, ...set, ...epochs(3)),
      await train(workspace, ...set, ...epochs(7)),
    ];
    const more = await train(workspace, ...set, ...epochs(7), "--from", short, "--continue");
    assertNotEquals(more, long);
    const [last] = workspace.list(`${long}/checkpoints`);
    const names = ["model.safetensors", "metrics.jsonl", "summary.json", `checkpoints/${last}`];
    assertEquals(hashes(workspace, more, ...names), hashes(workspace, long, ...names));

    const cosine = ["--set", 'train.learningRate={"name":"cosine","from":0.05}'];
    const fallen = await train(workspace, ...cosine, ...epochs(3));
    const risen = await train(workspace, ...cosine, ...epochs(6), "--from", fallen, "--continue");
    const { steps: { learningRate } } = await readRecord(join(workspace.folder, risen));
    // 3 steps an epoch: the rate fell to 0 over 9 steps, and then takes its place in 18
    assertEquals(learningRate.length, 18);
    assertEquals(learningRate[8], Math.fround(0.025 * (1 + cosTurns(4 / 9)))); // 0.0015
    assertEquals(learningRate[9], Math.fround(0.05 / 2));
  }));

Deno.test("train --continue that is stopped resumes from its own checkpoint", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const short = await train(workspace, ...epochs(2));
    const args = [...epochs(4), "--from", short, "--continue"];
    const more = await train(workspace, ...args);
    const promised = workspace.promised(more);
    await Deno.remove(join(workspace.folder, more, "manifest.json"));
    const again = await workspace.run("train", ["tiny.json", ...args]);
    assertStringIncludes(again.stderr, `resuming from step 12 of ${more}\n`);
    assertEquals(workspace.promised(more), promised);
  }));

Deno.test("train --continue keeps the best score from where it continues, if none before was better", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const best = ["--set", "train.best=validation.loss"];
    const short = await train(workspace, ...epochs(2));
    const kept = await train(workspace, ...epochs(2), ...best);
    const more = await train(workspace, ...epochs(3), ...best, "--from", short, "--continue");
    const other = await train(workspace, ...epochs(3), ...best, "--from", kept, "--continue");
    const results = ["model.safetensors", "checkpoints/best.safetensors"];
    assertEquals(hashes(workspace, more, ...results), hashes(workspace, other, ...results));
  }));

Deno.test("train --continue rejects another training and a finished one, before it writes anything", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const stopping = (patience: number, metric = "train.accuracy") => [
      "--set",
      `train.earlyStopping={"metric":"${metric}","patience":${patience}}`,
    ];
    // accuracy is at its highest before the last epoch but one
    const first = await train(workspace, ...epochs(30), ...stopping(2));
    const before = workspace.list("outputs");
    const refusal = async (...args: readonly string[]) => {
      const all = ["tiny.json", ...epochs(40), "--from", first, "--continue", ...args];
      const { code, stdout, stderr } = await workspace.run("train", all);
      assertEquals([code, stdout], [1, ""], stderr);
      assertEquals(workspace.list("outputs"), before);
      return stderr.trimEnd();
    };
    const { epochs: had } = JSON.parse(
      await Deno.readTextFile(join(workspace.folder, first, "summary.json")),
    );
    assertGreater(30, had);
    assertEquals(
      await refusal(...stopping(2)),
      `Cannot start from run "${first.replace("outputs/", "")}": expected a larger ` +
        "train.earlyStopping.patience: received one that is already exceeded",
    );
    assertEquals(
      await refusal(...stopping(100), "--set", "train.optimizer.name=adam"),
      'Cannot resume: expected 111 numbers of "all.first" for this network and optimizer: received none',
    );
    assertEquals(
      await refusal(...stopping(100), "--set", "train.batchSize=10"),
      `Cannot resume: expected a step of the 5 in each of 40 epochs: received step ${
        3 * had
      } after ` +
        `${had} epochs`,
    );
    assertMatch(
      await refusal("--set", 'train.best="validation.accuracy"'),
      /^Cannot resume: expected the best checkpoint by "validation.accuracy", of step \d+: received \d+$/,
    );
  }));

Deno.test("train --from rejects another network, too few epochs, an ensemble and a damaged run", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("ensemble.json", { ...TINY, ensemble: { seed: [1, 2] } });
    const first = await train(workspace);
    const name = first.replace("outputs/", "");
    const ensemble = runOf(await workspace.run("train", ["ensemble.json"]));
    const refusal = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run("train", ["tiny.json", ...args]);
      assertEquals(stdout, "");
      return [code, stderr];
    };
    const cannot = `Cannot start from run "${name}": expected`;
    const layers = (...units: number[]) =>
      `train.layers=${JSON.stringify(units.map((units) => ({ name: "dense", units })))}`;
    const before = workspace.list("outputs");
    assertEquals(await refusal("--from", first, "--set", layers(5, 3)), [
      1,
      `${cannot} "dense1.weight" to be [14, 5]: received [14, 6]\n`,
    ]);
    assertEquals(await refusal("--from", first, "--set", layers(6, 3, 3)), [
      1,
      `${cannot} "dense3.weight" to be [3, 3]: received no parameter\n`,
    ]);
    assertEquals(await refusal("--from", first, "--set", layers(3)), [
      1,
      `${cannot} "dense1.weight" to be [14, 3]: received [14, 6]\n`,
    ]);
    assertEquals(await refusal("--from", first, "--continue"), [
      1,
      `${cannot} train.epochs above 2, the epochs of that run: received 2\n`,
    ]);
    assertEquals(await refusal("--from", ensemble), [
      1,
      `Cannot start from "${ensemble}": expected a run with a network: received an ensemble: ` +
      "name one of its members\n",
    ]);
    const [code, message] = await refusal("--continue");
    assertEquals(code, 2);
    assertStringIncludes(`${message}`, "expected --continue with --from RUN only");
    const both = await workspace.run("train", ["ensemble.json", "--from", first]);
    assertEquals([both.code, both.stdout], [2, ""]);
    assertStringIncludes(both.stderr, 'expected no "--from" with an ensemble: received one');
    assertEquals(workspace.list("outputs"), before);

    await workspace.write(`${first}/model.safetensors`, "spoilt");
    assertEquals(await refusal("--from", first), [
      1,
      `Cannot read run "${first}": expected its files as its manifest has them: received another ` +
      '"model.safetensors"\n',
    ]);
  }));
