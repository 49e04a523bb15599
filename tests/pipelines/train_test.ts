/** The command `deno task train` where all is well. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** Files of a finished run of {@link TINY}: 48 samples in batches of 16, twice, are 6 steps. */
const FILES = [
  "charts/accuracy.svg",
  "charts/activations.svg",
  "charts/balance.svg",
  "charts/calibration.svg",
  "charts/classes.svg",
  "charts/confusion.svg",
  "charts/embedding.svg",
  "charts/gradients.svg",
  "charts/learningRate.svg",
  "charts/loss.svg",
  "charts/means.svg",
  "charts/mistakes.svg",
  "charts/network.svg",
  "charts/parameters.svg",
  "charts/result.svg",
  "charts/samples.svg",
  "charts/settings.svg",
  "charts/weights.svg",
  "checkpoints/step-0000000006.safetensors",
  "config.json",
  "environment.svg",
  "log.jsonl",
  "manifest.json",
  "metrics.jsonl",
  "model.safetensors",
  "observations.safetensors",
  "report.svg",
  "results.safetensors",
  "summary.json",
  "timing.jsonl",
];

/** The plan, the epochs, and the end, as stderr shows them where it is no terminal. */
const SHOWN = new RegExp(
  [
    "^data        idx images, labels, test-images, test-labels: 90 samples, images of 2 × 7, 3 classes",
    "splits      48 training, 12 validation, 30 test samples",
    "network     14-6-3, 111 parameters: dense 6 → relu → dense 3",
    "training    2 epochs of 3 steps, batches of 16 samples",
    "optimizer   momentum on softmaxCrossEntropy, learning rate 0.05",
    "backend     exact, \\d+ workers?",
    "",
    "epoch  train loss  accuracy  validation loss  accuracy        rate",
    "    1      \\d\\.\\d{4} +[\\d.]+ % +\\d\\.\\d{4} +[\\d.]+ %        0.05",
    "    2 .*",
    "",
    "trained     2 epochs in [\\d.]+ s",
    "loss        training    [\\d.]+ → [\\d.]+  [▁▂▃▄▅▆▇█]{2}",
    "            validation  [\\d.]+ → [\\d.]+  [▁▂▃▄▅▆▇█]{2}",
    "best epoch  [12] of 2: validation accuracy [\\d.]+ % \\(95 %: [\\d.]+ % to [\\d.]+ %\\)",
    "validation  accuracy [\\d.]+ % \\(95 %: [\\d.]+ % to [\\d.]+ %\\), \\d+ mistakes? in 12, loss .*",
    "test        accuracy .*, \\d+ mistakes? in 30, loss .*",
    "note        The validation loss was still falling: .* in epoch 1, .* in epoch 2, the last",
    "remedy      raise train\\.epochs",
    "report      (outputs/tiny-[0-9a-f]{10})/report\\.svg",
    "next        deno task predict \\1 FILE",
    "            deno task evaluate \\1",
    "            deno task compare \\1 RUN\n$",
  ].join("\n"),
);

function inTiny(use: (workspace: Workspace) => Promise<void>): Promise<void> {
  return inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await use(workspace);
  });
}

/** Name, time and size of each file: what must not change where nothing is to be written. */
function untouched({ folder, list }: Workspace, path: string): unknown {
  return list(path).map((name) => {
    const { mtime, ino, size } = Deno.statSync(join(folder, path, name));
    return [name, mtime?.getTime(), ino, size];
  });
}

Deno.test("train writes a run folder, its path on stdout and plain lines on stderr", () =>
  inTiny(async (workspace) => {
    const ended = await workspace.run("train", ["tiny.json"]);
    assertEquals(ended.code, 0);
    const run = runOf(ended);
    assertEquals(ended.stdout, `${run}\n`);
    assert(/^outputs\/tiny-[0-9a-f]{10}$/.test(run), run);
    assert(SHOWN.test(ended.stderr), ended.stderr);
    assertEquals(workspace.list(run), FILES);
    assertEquals(workspace.list("outputs").length, FILES.length); // no lock, nothing temporary

    const before = untouched(workspace, run);
    const again = await workspace.run("train", ["tiny.json"]);
    assertEquals([again.code, again.stdout], [0, `${run}\n`]);
    const [, end] = ended.stderr.split(/^(?=trained)/m);
    assertEquals(again.stderr, `already finished: ${run}\n\n${end}`);
    assertEquals(untouched(workspace, run), before);

    const promised = workspace.promised(run);
    const fresh = await workspace.run("train", ["tiny.json", "--fresh", "--quiet"]);
    assertEquals(fresh, { code: 0, stdout: `${run}\n`, stderr: "" });
    assertEquals(workspace.promised(run), promised);
    assertNotEquals(untouched(workspace, run), before);
  }));

Deno.test("train accepts --set in every form, and the last of two", () =>
  inTiny(async (workspace) => {
    const { folder } = workspace;
    const sets = [
      "train.epochs=3",
      "pipeline[3].batchSize=8",
      "seed=9",
      "train.layers[0].units=4",
      "train.optimizer.name=adam",
      'train.learningRate={"name": "cosine", "from": 0.02, "to": 0}',
      'evaluate.on=["test"]',
      "name=Grüße, Welt",
      "train.epochs=1",
    ];
    const args = [...sets.flatMap((set) => ["--set", set]), "--set=description=an = in it"];
    const ended = await workspace.run("train", ["tiny.json", ...args]);
    assertEquals(ended.code, 0, ended.stderr);
    const run = runOf(ended);
    assert(/^outputs\/gru-e-welt-[0-9a-f]{10}$/.test(run), run);
    const config = JSON.parse(await Deno.readTextFile(join(folder, run, "config.json")));
    const [, , , train, evaluate] = config.pipeline;
    assertEquals([config.seed, config.description], [9, "an = in it"]);
    assertEquals([train.epochs, train.batchSize, train.layers[0].units], [1, 8, 4]);
    const adam = { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    assertEquals(train.optimizer, adam);
    assertEquals(train.learningRate, { name: "cosine", from: 0.02, to: 0 });
    assertEquals(evaluate.on, ["test"]);
  }));

Deno.test("train writes to the folder of --output, whatever its name", () =>
  inTiny(async (workspace) => {
    const output = "outputs/my runs/größer – 数字";
    const ended = await workspace.run("train", ["tiny.json", "--output", output, "--quiet"]);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    assertEquals(workspace.list(runOf(ended)), FILES);
    assert(runOf(ended).startsWith(`${output}/tiny-`));
  }));

Deno.test("train logs more with --verbose, and prints no colour with or without NO_COLOR", () =>
  inTiny(async (workspace) => {
    const levels = async (run: string) =>
      (await Deno.readTextFile(join(workspace.folder, run, "log.jsonl"))).trimEnd().split("\n")
        .map((line) => JSON.parse(line)).map(({ level, message }) => `${level}: ${message}`);
    const args = ["tiny.json", "--threads", "2"]; // by default as many as the machine has, or one here
    const usual = await workspace.runAlone("train", args, { env: { NO_COLOR: "1" } });
    assertEquals(await levels(runOf(usual)), [
      "info: run started",
      "info: epoch finished",
      "info: epoch finished",
      "info: run finished",
    ]);
    const verbose = await workspace.run("train", [...args, "--verbose", "--fresh"]);
    const [first, ...more] = await levels(runOf(verbose));
    assertEquals([first, more.pop()], ["info: run started", "info: run finished"]);
    assertEquals(more.sort(), [ // checkpoints are written while training goes on
      "debug: checkpoint written",
      "debug: checkpoint written",
      "info: epoch finished",
      "info: epoch finished",
    ]);
    const untimed = (text: string) => text.replace(/in [\d.]+ s/, "");
    assertEquals(untimed(verbose.stderr), untimed(usual.stderr));
    assertEquals(verbose.stderr.includes("\x1b"), false);
  }));

Deno.test("train reads configs with comments, a byte order mark, CRLF and a base to extend", () =>
  inTiny(async (workspace) => {
    const base = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const text = `\uFEFF// a comment\n${JSON.stringify(TINY, null, 2)}\n`.replaceAll("\n", "\r\n");
    await workspace.write("windows.json", text);
    const windows = await workspace.run("train", ["windows.json"]);
    assertEquals([windows.code, runOf(windows)], [0, base]);
    assertStringIncludes(windows.stderr, "already finished");
    await workspace.write("configs/child.json", {
      extends: "../tiny.json",
      name: "child",
      pipeline: [{ stage: "train", epochs: 1 }],
    });
    const child = await workspace.run("train", ["configs/child.json"]);
    assertEquals(child.code, 0, child.stderr);
    const metrics = await Deno.readTextFile(join(workspace.folder, runOf(child), "metrics.jsonl"));
    assertEquals(metrics.split("\n").length, 2); // one epoch, and the line break after it
  }));

Deno.test("train needs neither a validation split, nor an evaluation, nor a report", () =>
  inTiny(async (workspace) => {
    const [load, , normalize, train] = TINY.pipeline;
    const pipeline = [load, { stage: "split", validation: 0 }, normalize, train];
    await workspace.write("short.json", { ...TINY, name: "short", pipeline });
    const ended = await workspace.run("train", ["short.json"]);
    assertEquals(ended.code, 0, ended.stderr);
    const run = runOf(ended);
    assertEquals(workspace.list(run), [
      "checkpoints/step-0000000008.safetensors", // all 60 samples: four batches, twice
      ...FILES.filter((name) => !/^(charts|checkpoints|observations|report)\b/.test(name)),
    ]);
    const summary = await Deno.readTextFile(join(workspace.folder, run, "summary.json"));
    assertEquals(JSON.parse(summary), { parameters: 111, epochs: 2 });
    assertEquals((await workspace.run("train", ["short.json"])).code, 0);
  }));

Deno.test("train gives the last layer as many units as there are classes, and writes their number to the run", () =>
  inTiny(async (workspace) => {
    const run = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    const widths = { missing: { name: "dense" }, classes: { name: "dense", units: "classes" } };
    for (const [name, last] of Object.entries(widths)) {
      const pipeline = TINY.pipeline.map((stage) =>
        stage.stage === "train" ? { ...stage, layers: [...stage.layers.slice(0, 2), last] } : stage
      );
      await workspace.write(`${name}.json`, { ...TINY, pipeline });
      const ended = await workspace.run("train", [`${name}.json`]);
      assertEquals([ended.code, runOf(ended)], [0, run], ended.stderr);
      assertStringIncludes(ended.stderr, "already finished");
    }
    await workspace.run("train", ["missing.json", "--fresh"]);
    const config = JSON.parse(await Deno.readTextFile(join(workspace.folder, run, "config.json")));
    assertEquals(config.pipeline[3].layers[2].units, 3);
    await Deno.remove(join(workspace.folder, run), { recursive: true });
    const ensemble = { seed: [1, 2] };
    await workspace.write("two.json", { extends: "missing.json", name: "two", ensemble });
    const two = await workspace.run("train", ["two.json", "--set", 'evaluate.on=["test"]']);
    assertEquals(two.code, 0, two.stderr);
    const written = await Deno.readTextFile(join(workspace.folder, runOf(two), "config.json"));
    assertEquals(JSON.parse(written).pipeline[3].layers[2].units, 3);
    for (const command of ["lr-range", "profile"] as const) {
      const more = command === "lr-range" ? ["--steps", "10"] : ["--seconds", "0.1"];
      assertEquals((await workspace.run(command, ["missing.json", ...more])).code, 0, command);
    }
  }));

Deno.test("train reads the user's files from --data-dir", () =>
  inTiny(async (workspace) => {
    const here = runOf(await workspace.run("train", ["tiny.json", "--quiet"]));
    await Deno.mkdir(join(workspace.folder, "elsewhere"));
    await Deno.rename(join(workspace.folder, "data"), join(workspace.folder, "elsewhere/data"));
    const there = await workspace.run("train", ["tiny.json", "--data-dir", "elsewhere"]);
    assertEquals([there.code, runOf(there)], [0, here]); // the same content is the same run
    assertStringIncludes(there.stderr, "already finished");
  }));

Deno.test("train --help prints its usage, and its options", () =>
  inWorkspace(async (workspace) => {
    const { code, stdout, stderr } = await workspace.run("train", ["--help"]);
    assertEquals([code, stderr], [0, ""]);
    for (const option of ["--set", "--output", "--data-dir", "--fresh", "--quiet", "--verbose"]) {
      assertStringIncludes(stdout, `  ${option} `);
    }
  }));
