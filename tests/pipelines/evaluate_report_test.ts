/** The commands `deno task evaluate` and `deno task report` on finished runs, good and spoilt. */
import { assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { compareNetworks } from "../../lib/evaluate/mod.ts";
import { openRun } from "../../lib/io/results/open_run.ts";
import { predict } from "../../lib/train/inference/predictor.ts";
import { readRecord } from "../../pipelines/experiment/read_run.ts";
import { brightSamples, FEATURES } from "../train/toy.ts";
import {
  type Ended,
  figuresOf,
  inWorkspace,
  runOf,
  type Workspace,
  writeTiny,
} from "./workspace.ts";

/** Uses a workspace with a finished run, and what its training said. */
function withRun(
  use: (workspace: Workspace, run: string, ended: Ended) => Promise<void>,
): Promise<void> {
  return inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const ended = await workspace.run("train", ["tiny.json"]);
    await use(workspace, runOf(ended), ended);
  });
}

function failure(message: string): Ended {
  return { code: 1, stdout: "", stderr: `${message}\n` };
}

Deno.test("evaluate gives the numbers of train, and changes nothing", () =>
  withRun(async (workspace, run, { stderr }) => {
    const before = workspace.promised(run);
    const lines = figuresOf({ stderr });
    assertEquals(lines.length, 2);
    const ended = await workspace.run("evaluate", [run]);
    assertEquals(ended, { code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
    const test = await workspace.run("evaluate", [join(workspace.folder, run), "--on", "test"]);
    assertEquals(test, { code: 0, stdout: `${lines[1]}\n`, stderr: "" });
    const train = await workspace.run("evaluate", [run, "--on=train,validation"]);
    assertEquals(train.stdout.split(":")[0], "train");
    assertEquals(train.stdout.trimEnd().split("\n")[1], lines[0]);
    assertEquals(workspace.promised(run), before);
  }));

Deno.test("openRun() reads config, history, metrics and a model that predicts as train did", () =>
  withRun(async (workspace, run) => {
    const path = join(workspace.folder, run);
    const { config, model, history, metrics, record } = await openRun(path);
    assertEquals(config.name, "tiny");
    assertEquals(history.epochs, record.epochs);
    const [{ split, labels, rows, probabilities }] = record.evaluations;
    assertEquals(metrics[split]?.samples, labels.length);
    assertEquals(model.classes, record.classes);
    const values = brightSamples(90).values.subarray(rows[0] * FEATURES, (rows[0] + 1) * FEATURES);
    assertEquals(await predict(model, values), probabilities.slice(0, model.classes.length));
    await Deno.writeTextFile(join(path, "metrics.jsonl"), "changed");
    await assertRejects(() => openRun(path), Error, 'received another "metrics.jsonl"');
  }));

Deno.test("evaluate averages over augmented copies as train did, for any number of workers", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const set = (option: string) => ["--set", option];
    const ended = await workspace.run("train", [
      "tiny.json",
      "--threads",
      "2",
      ...set("evaluate.augmentedCopies=3"),
      ...set('train.augment=[{"name": "affine"}, {"name": "elastic"}, {"name": "mixup"}]'),
    ]);
    const lines = figuresOf(ended);
    assertEquals(lines.length, 2);
    const again = await workspace.run("evaluate", [runOf(ended), "--threads", "3"]);
    assertEquals(again, { code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
    const test = await workspace.run("evaluate", [runOf(ended), "--on", "test"]);
    assertEquals(test, { code: 0, stdout: `${lines[1]}\n`, stderr: "" });
    assertEquals(workspace.list(`${runOf(ended)}/charts`).includes("augmented.svg"), true);
    const plain = runOf(
      await workspace.run("train", [
        "tiny.json",
        ...set("evaluate.augmentedCopies=0"),
        ...set('train.augment=[{"name": "affine"}, {"name": "elastic"}, {"name": "mixup"}]'),
      ]),
    );
    const copies = await workspace.run("evaluate", [plain, "--augmented-copies", "3"]);
    assertEquals(copies.stdout, again.stdout);
    const none = await workspace.run("evaluate", [runOf(ended), "--augmented-copies", "0"]);
    assertEquals(none.stdout, (await workspace.run("evaluate", [plain])).stdout);
  }));

Deno.test("evaluate rejects copies for runs without augmentation, and invalid numbers", () =>
  withRun(async (workspace, run) => {
    const { code, stderr } = await workspace.run("evaluate", [run, "--augmented-copies", "2"]);
    assertEquals(code, 1);
    assertEquals(
      stderr,
      "Cannot average over 2 augmented copies: expected a run trained with augmented images: " +
        `received "${run}", whose config has no "augment" that works on single images\n`,
    );
    const words = await workspace.run("evaluate", [run, "--augmented-copies", "many"]);
    assertEquals(words.code, 2);
    assertStringIncludes(
      words.stderr,
      'expected 0 to 1000 after --augmented-copies: received "many"',
    );
  }));

Deno.test("evaluate --against compares two runs by McNemar's test on the same samples", () =>
  withRun(async (workspace, run) => {
    const other = runOf(await workspace.run("train", ["tiny.json", "--set", "train.epochs=20"]));
    const [a, b] = await Promise.all(
      [run, other].map(async (path) =>
        (await readRecord(join(workspace.folder, path))).evaluations
      ),
    );
    const args = [run, "--against", other, "--on", "test"];
    const { code, stdout, stderr } = await workspace.run("evaluate", args);
    assertEquals([code, stderr], [0, ""]);
    const compared = compareNetworks(a?.[1], b?.[1]);
    const name = (path: string) => path.replace("outputs/", "");
    assertEquals(
      stdout.split("\n")[1],
      `test: correct only by one: ${name(run)} ${compared.onlyFirst}, ${name(other)} ` +
        `${compared.onlySecond}; p ${compared.pValue.toPrecision(2)} (McNemar's test, exact)`,
    );
    assertGreater(compared.onlySecond, compared.onlyFirst);
    // another seed holds other samples out
    const seed = runOf(await workspace.run("train", ["tiny.json", "--set", "seed=2"]));
    const refused = await workspace.run("evaluate", [run, "--against", seed, "--on=validation"]);
    assertEquals(refused.code, 1);
    assertEquals(
      refused.stderr,
      "Cannot compare two networks: expected evaluations of the same samples of " +
        '"validation": received different samples\n',
    );
  }));

Deno.test("report draws the same bytes again, also from a folder that was moved", () =>
  withRun(async (workspace, run) => {
    const before = workspace.promised(run);
    await Deno.remove(join(workspace.folder, run, "report.svg"));
    await Deno.remove(join(workspace.folder, run, "charts"), { recursive: true });
    const ended = await workspace.run("report", [run]);
    assertEquals(ended, { code: 0, stdout: `${run}/report.svg\n`, stderr: "" });
    assertEquals(workspace.promised(run), before);
    const moved = "outputs/moved here";
    await Deno.rename(join(workspace.folder, run), join(workspace.folder, moved));
    await Deno.remove(join(workspace.folder, moved, "report.svg"));
    assertEquals((await workspace.run("report", [`${moved}/`])).code, 0);
    assertEquals(workspace.promised(moved), before);
  }));

Deno.test("report --output draws the same report elsewhere, and does not change the run", () =>
  withRun(async (workspace, run) => {
    const { folder } = workspace;
    const before = workspace.promised(run);
    const report = await Deno.readTextFile(join(folder, run, "report.svg"));
    const manifest = await Deno.readTextFile(join(folder, run, "manifest.json"));
    const ended = await workspace.run("report", [run, "--output", "outputs/sent/mine.svg"]);
    assertEquals(ended, { code: 0, stdout: "outputs/sent/mine.svg\n", stderr: "" });
    assertEquals(await Deno.readTextFile(join(folder, "outputs/sent/mine.svg")), report);
    const one = [run, "--output", "outputs/one.svg", "--panels", "loss"];
    assertEquals((await workspace.run("report", one)).code, 0);
    assertEquals(workspace.promised(run), before);
    assertEquals(await Deno.readTextFile(join(folder, run, "manifest.json")), manifest);
    const outside = await workspace.runAlone("report", [run, "--output", "mine.svg"]);
    assertEquals(outside.code, 2);
    assertStringIncludes(outside.stderr, "expected an --output in outputs/, the only folder");
    const other = await workspace.run("report", [run, "--output", "outputs/mine.png"]);
    assertEquals(other.code, 2);
    assertStringIncludes(other.stderr, 'expected a file.svg after --output: received "outputs');
  }));

Deno.test("report of a run outside the folder of results explains how to draw it", () =>
  withRun(async (workspace, run) => {
    const { folder } = workspace;
    await Deno.rename(join(folder, run), join(folder, "sent"));
    const refused = await workspace.runAlone("report", ["sent"]);
    assertEquals(
      refused,
      failure(
        'Cannot draw into run "sent": expected a run in outputs/, the only folder that this program may write to: ' +
          "draw its report there: --output outputs/sent.svg",
      ),
    );
    const drawn = await workspace.run("report", ["sent", "--output", "outputs/sent.svg"]);
    assertEquals(drawn, { code: 0, stdout: "outputs/sent.svg\n", stderr: "" });
  }));

Deno.test("report --panels draws only these panels, in the order of the report, until it is drawn again", () =>
  withRun(async (workspace, run) => {
    const before = workspace.promised(run);
    const ended = await workspace.run("report", [run, "--panels", "mistakes,loss"]);
    assertEquals(ended, { code: 0, stdout: `${run}/report.svg\n`, stderr: "" });
    assertEquals(workspace.list(`${run}/charts`), ["loss.svg", "mistakes.svg"]);
    const report = await Deno.readTextFile(join(workspace.folder, run, "report.svg"));
    const headings = [...report.matchAll(/>(Accuracy|Loss|Mistakes)</g)].map(([, name]) => name);
    assertEquals(headings, ["Loss", "Mistakes"]);
    const { stderr } = await workspace.run("train", ["tiny.json"]);
    assertStringIncludes(stderr, "already finished");
    assertEquals((await workspace.run("report", [run])).code, 0);
    assertEquals(workspace.promised(run), before);
  }));

Deno.test("report accepts a finished run whose report another version has drawn", () =>
  withRun(async (workspace, run) => {
    const manifest = join(workspace.folder, run, "manifest.json");
    const before = await Deno.readTextFile(manifest);
    const of = (name: string) => new RegExp(`("path": "${name}",[^}]*"sha256": ")\\w+`);
    const another = before.replace(of("report.svg"), `$1${"0".repeat(64)}`)
      .replace(of("charts/loss.svg"), `$1${"0".repeat(64)}`)
      .replace("charts/loss.svg", "charts/formerly.svg");
    assertEquals(another.match(/"0{64}"/g)?.length, 2);
    await Deno.writeTextFile(manifest, another);
    assertEquals((await workspace.run("report", [run])).code, 0);
    assertEquals(await Deno.readTextFile(manifest), before);
    const { stderr } = await workspace.run("train", ["tiny.json"]);
    assertStringIncludes(stderr, "already finished");
  }));

Deno.test("evaluate and report reject changed runs, and folders that are not runs", () =>
  withRun(async (workspace, run) => {
    const { folder } = workspace;
    const changed = (name: string, run: string) =>
      failure(
        `Cannot read run "${run}": expected its files as its manifest has them: ` +
          `received another "${name}"`,
      );
    const none = (path: string) =>
      failure(
        `Cannot read run "${path}": expected the folder of a finished run: ` +
          'received one without "manifest.json"',
      );
    const nowhere = failure(
      'Cannot find run "nowhere": there is no such folder, and no run in "outputs" has a name ' +
        "that begins with it",
    );
    for (const command of ["evaluate", "report"] as const) {
      for (const path of ["outputs", "data"]) {
        assertEquals(await workspace.run(command, [path]), none(path));
      }
      assertEquals(await workspace.run(command, ["nowhere"]), nowhere);
    }
    for (const name of ["results.safetensors", "config.json"]) {
      const bytes = await Deno.readFile(join(folder, run, name));
      const spoilt = bytes.slice();
      spoilt[spoilt.length - 3] = spoilt[spoilt.length - 3] ^ 1;
      await workspace.write(`${run}/${name}`, spoilt);
      assertEquals(await workspace.run("evaluate", [run]), changed(name, run));
      assertEquals(await workspace.run("report", [run]), changed(name, run));
      await workspace.write(`${run}/${name}`, bytes);
    }
    const bytes = await Deno.readFile(join(folder, run, "model.safetensors"));
    await workspace.write(`${run}/model.safetensors`, bytes.with(bytes.length - 1, 1));
    assertEquals(await workspace.run("evaluate", [run]), changed("model.safetensors", run));
    assertEquals((await workspace.run("report", [run])).code, 0); // it does not look at the model
    await Deno.remove(join(folder, run, "model.safetensors"));
    assertEquals(
      await workspace.run("evaluate", [run]),
      failure(
        `Cannot read run "${run}/model.safetensors": there is no such file or folder: ` +
          `tried "${folder}/${run}/model.safetensors"`,
      ),
    );
    await Deno.remove(join(folder, run, "manifest.json"));
    assertEquals(await workspace.run("report", [run]), none(run));
  }));

Deno.test("evaluate rejects other data than the run's", () =>
  withRun(async (workspace, run) => {
    const labels: Idx = { type: "u8", shape: [60], values: new Uint8Array(60).fill(2, 20) };
    const [before, now] = [join(workspace.folder, "data/labels"), writeIdx(labels)]
      .map((file) => sha256(file instanceof Uint8Array ? file : Deno.readFileSync(file)));
    await workspace.write("data/labels", writeIdx(labels));
    const { code, stdout, stderr } = await workspace.run("evaluate", [run]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(
      stderr,
      `Cannot load "idx": expected its labels with SHA-256 ${before.slice(0, 12)}…: ` +
        "received other content in ",
    );
    assertStringIncludes(stderr, `data/labels" (${now.slice(0, 12)}…)`);
  }));

Deno.test("evaluate and report exit with 2 on wrong arguments", () =>
  inWorkspace(async (workspace) => {
    const cases = [
      ["evaluate", [], "expected one run folder: received 0"],
      ["evaluate", ["a", "b"], "expected one run folder: received 2"],
      ["evaluate", ["a", "--on", "tset"], "expected splits out of train, validation, test"],
      ["report", [], "expected one run folder: received 0"],
      ["report", ["a", "b"], "expected one run folder: received 2"],
      [
        "report",
        ["a", "--quiet"],
        'expected one of --png, --panels, --output, --help: received "--quiet"',
      ],
      ["report", ["a", "--panels", "loss,los"], "expected panels out of result, settings, members"],
    ] as const;
    for (const [task, args, message] of cases) {
      const { code, stdout, stderr } = await workspace.run(task, args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `Cannot run "deno task ${task}": ${message}`);
    }
    for (const task of ["evaluate", "report"] as const) {
      const { code, stdout } = await workspace.run(task, ["--help"]);
      assertEquals(code, 0);
      assertStringIncludes(stdout, `deno task ${task} RUN`);
    }
  }));
