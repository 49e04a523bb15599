/** The command `deno task sweep`: grids of runs, undisturbed, killed, stopped and failing. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { joinFolds } from "../../lib/evaluate/mod.ts";
import { jsonLines } from "../../lib/run/json.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { suspiciousLines } from "../../lib/run/suspicious.ts";
import { readRecord } from "../../pipelines/experiment/read_run.ts";
import {
  DIGITS,
  type Ended,
  inWorkspace,
  runOf,
  TINY,
  withDigits,
  type Workspace,
  writeTiny,
} from "./workspace.ts";

/** 12 runs of an epoch, of a tenth of a second each. */
const GRID = {
  extends: "tiny.json",
  name: "grid",
  sweep: {
    "train.optimizer.name": ["sgd", "momentum", "adam"],
    "train.batchSize": [8, 16],
    seed: [1, 2],
  },
};

const GRID_ARGS = ["grid.json", "--set", "train.epochs=1"];

/** Waits until a condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Names of the finished runs. */
function finished({ list }: Workspace): string[] {
  return list("outputs").flatMap((path) => /^(.*)\/manifest\.json$/.exec(path)?.[1] ?? []);
}

/** Starts a sweep, and sends a signal as soon as a condition holds. */
async function interrupt(
  workspace: Workspace,
  args: readonly string[],
  { signal, when }: { readonly signal: Deno.Signal; readonly when: () => boolean },
): Promise<Ended> {
  await using child = workspace.start("sweep", args);
  const output = child.output();
  await until(when);
  child.kill(signal);
  const { code, stdout, stderr } = await output;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Files of a workspace with their content, but for those of a run. */
function tables({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, Deno.readTextFileSync(join(folder, path, name))]),
  );
}

Deno.test("sweep that is killed half-way trains only the rest, and a run that fails does not stop the others", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("grid.json", GRID);
    await Deno.mkdir(join(workspace.folder, "outputs"));
    const killed = await interrupt(workspace, GRID_ARGS, {
      signal: "SIGKILL",
      when: () => finished(workspace).length >= 6,
    });
    assertEquals([killed.code, killed.stdout], [137, ""]); // 128 + 9
    const before = finished(workspace);
    assertGreater(12, before.length);

    // a link in its folder makes one of the runs fail
    const [spoilt, ...kept] = before as [string, ...string[]];
    const modified = () =>
      kept.map((run) =>
        Deno.statSync(join(workspace.folder, "outputs", run, "manifest.json")).mtime?.getTime()
      );
    const times = modified();
    await Deno.remove(join(workspace.folder, "outputs", spoilt, "manifest.json"));
    await Deno.symlink("elsewhere", join(workspace.folder, "outputs", spoilt, "link"));
    const failing = await workspace.run("sweep", GRID_ARGS);
    assertEquals(failing.code, 1);
    const lines = failing.stderr.split("\n");
    assertEquals(lines.filter((line) => line.includes(": already finished: ")).length, kept.length);
    assertEquals(modified(), times);
    assertEquals(finished(workspace).length, 11);
    const reason = `Cannot write to "outputs/${spoilt}/link": expected no symbolic links `;
    const told = lines.flatMap((line, index) => line.includes(reason) ? [index] : []);
    assertEquals(told.length, 2, failing.stderr); // at once, and again at the end
    assert(/^\d+\/12 {2}optimizer .*: failed: /.test(lines[told[0]] ?? ""));
    assertEquals(told[1], lines.length - 2);
    assertStringIncludes(lines[told[1]], "failed: optimizer ");

    await Deno.remove(join(workspace.folder, "outputs", spoilt), { recursive: true });
    const whole = await workspace.run("sweep", GRID_ARGS);
    assertEquals(whole.code, 0, whole.stderr);
    assertEquals(whole.stderr.match(/: already finished: /g)?.length, 11);
    assertEquals(whole.stdout.match(/ grid-[0-9a-f]{10}$/gm)?.length, 12);
    const files = tables(workspace, runOf(whole));
    assertEquals(files["runs.jsonl"]?.match(/\n/g)?.length, 12);
    assertEquals(files["settings.jsonl"]?.match(/\n/g)?.length, 6);

    // one that was killed, stopped or neither is what train makes of it alone
    const last = JSON.parse(files["runs.jsonl"]?.split("\n").at(-2) ?? "").run;
    const sets = ["train.optimizer.name=adam", "train.batchSize=16", "seed=2", "train.epochs=1"]
      .flatMap((set) => ["--set", set]);
    const alone = await workspace.run("train", ["tiny.json", ...sets, "--output", "outputs/alone"]);
    const [expected, found] = [`outputs/${last}`, runOf(alone)].map((run) =>
      Object.entries(workspace.promised(run)).filter(([path]) => !NAMED.test(path))
    );
    assertEquals(found?.length, 6);
    assertEquals(found, expected);
  }));

/** The files of a run that hold its name, which is another one in a sweep. */
const NAMED = /^config\.json$|^report\.svg$|^charts\//;

/** A sweep of the tiny config, which takes some milliseconds a run. */
const sweepOf = (sweep: unknown) => ({ ...TINY, sweep });

Deno.test("sweep prints and writes tables of its settings and runs, with the same bytes every time", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const grid = { "train.optimizer.name": ["sgd", "momentum"], seed: [1, 2] };
    await workspace.write("sweep.json", sweepOf(grid));
    const first = await workspace.run("sweep", ["sweep.json", "--set", "train.epochs=20"]);
    assertEquals(first.code, 0, first.stderr);
    assertEquals(first.stderr.match(/\btest\b/g), null);
    assertStringIncludes(
      first.stdout,
      "\nBest on the validation split: optimizer momentum, validation ",
    );
    const folder = runOf(first);
    assert(/^outputs\/tiny-sweep-[0-9a-f]{10}$/.test(folder), folder);
    const [heading = "", , ...rows] = first.stdout.split("\n");
    assertEquals(heading.split(/ {2,}/), [
      "optimizer",
      "runs",
      "validation (%)",
      "loss",
      "gap to best (%)",
    ]);
    assertEquals(rows.slice(0, 2).map((row) => row.split(/ {2,}/).slice(0, 2)), [
      ["momentum", "2"],
      ["sgd", "2"],
    ]);
    const files = tables(workspace, folder);
    assertEquals(Object.keys(files), [
      "figure.svg",
      "runs.jsonl",
      "settings.jsonl",
      "sweep.json",
      "table.svg",
    ]);
    assertEquals(JSON.parse(files["sweep.json"] ?? "").sweep, grid);

    const fresh = ["--fresh", "--threads", "3", "--quiet", "--set", "train.epochs=20"];
    const second = await workspace.run("sweep", ["sweep.json", ...fresh]);
    assertEquals([second.code, second.stderr], [0, ""]);
    assertEquals(tables(workspace, runOf(second)), files);
    assertEquals(`${Object.values(files)}`.match(/"test":/g), null);

    const tested = await workspace.run("sweep", [
      "sweep.json",
      "--set",
      "train.epochs=20",
      "--test",
    ]);
    assertEquals([tested.code, runOf(tested)], [0, folder]);
    assertStringIncludes(tested.stdout.split("\n")[0], "  test (%)");
    assertEquals(tested.stderr.match(/: already finished: .* test \d/g)?.length, 4);
    assertStringIncludes(tables(workspace, folder)["settings.jsonl"] ?? "", ',"test":{"accuracy"');
  }));

Deno.test("sweep omits keys with a single value, and ranks by the test split only if requested", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "evaluate" ? { stage: "evaluate", on: ["test"] } : stage
    );
    const grid = { "train.epochs": [2], "train.optimizer.name": ["sgd", "momentum"] };
    await workspace.write("sweep.json", { ...sweepOf(grid), pipeline });
    const { code, stdout, stderr } = await workspace.run("sweep", ["sweep.json"]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "/2  optimizer sgd: ");
    const [heading, , ...rows] = stdout.split("\n");
    assertEquals(heading.split(/ {2,}/), ["optimizer", "runs"]);
    assertEquals(rows.slice(0, 2).map((row) => row.split(/ +/)[0]), ["sgd", "momentum"]);
    assertStringIncludes(
      stdout,
      "\nSettings are not ranked, since no run was evaluated on a validation split: ",
    );
    const tested = await workspace.run("sweep", ["sweep.json", "--test"]);
    assertEquals(tested.stdout.split("\n")[0].split(/ {2,}/), [
      "optimizer",
      "runs",
      "test (%)",
      "loss",
    ]);
    assertStringIncludes(tested.stdout, "\nBest on the test split: optimizer ");
    assertStringIncludes(tested.stdout, "\nsome runs have no validation data, so runs are ranked ");
  }));

/** Returns the fold that a run held out. */
function foldOf({ config }: RunRecord): number {
  const { pipeline } = config as typeof TINY;
  return (pipeline[1] as unknown as { readonly fold: number }).fold;
}

Deno.test("sweep over the folds of a split validates on every sample once, and joins the folds", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "split" ? { stage: "split", folds: 3, fold: 1 } : stage
    );
    await workspace.write("folds.json", { ...sweepOf({ "split.fold": [1, 2, 3] }), pipeline });
    const { code, stderr, stdout } = await workspace.run("sweep", ["folds.json"]);
    assertEquals(code, 0, stderr);
    assertEquals(stdout.split("\n")[2]?.trim().split(/ {2,}/)[0], "3"); // one setting of three runs
    const records = await Promise.all(
      finished(workspace).map((run) => readRecord(join(workspace.folder, "outputs", run))),
    );
    const validated = records.flatMap(({ evaluations }) => [...evaluations[0]?.rows ?? []]);
    assertEquals(validated.sort((a, b) => a - b), Array.from({ length: 60 }, (_, row) => row));
    const byFold = records.toSorted((a, b) => foldOf(a) - foldOf(b));
    const together = joinFolds(byFold.map(({ evaluations }) => evaluations[0]));
    const suspicious = suspiciousLines([together], records[0]?.classes ?? []);
    assertGreater(suspicious.length, 0);
    const file = join(workspace.folder, runOf({ code, stdout, stderr }), "suspicious.jsonl");
    assertEquals(await Deno.readTextFile(file), jsonLines(suspicious));
  }));

Deno.test("sweep runs a duplicate combination once, and names its equals", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const optimizers = [{ name: "momentum" }, { name: "momentum", decay: 0.9 }]; // the default
    await workspace.write("sweep.json", sweepOf({ "train.optimizer": optimizers }));
    const { code, stdout, stderr } = await workspace.run("sweep", ["sweep.json"]);
    assertEquals(code, 0, stderr);
    assertEquals(finished(workspace).length, 1);
    const [first = "", second = ""] = stderr.split("\n");
    assertEquals(first, "1/2  optimizer momentum, decay 0.9: the same run as optimizer momentum");
    assertStringIncludes(second, "2/2  optimizer momentum: validation ");
    assertEquals(stdout.match(/tiny-[0-9a-f]{10}$/gm)?.length, 1);
  }));

Deno.test("sweep reports every config error with its combination before it writes anything", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write(
      "sweep.json",
      sweepOf({ "train.optimizer.name": ["sgd", "adm"], seed: [1] }),
    );
    const { code, stdout, stderr } = await workspace.run("sweep", ["sweep.json"]);
    assertEquals([code, stdout], [2, ""]);
    assertEquals(
      stderr.split("\n")[1]?.replace(/one of .*: received/, "one of …: received"),
      '  with train.optimizer.name="adm" seed=1: pipeline[3].optimizer.name ' +
        '(train.optimizer.name): expected one of …: received "adm": did you mean "adam"?',
    );
    assertEquals(workspace.list().filter((path) => path.startsWith("outputs")), []);
  }));

Deno.test("sweep continues if runs fail, for any reason, and exits with 1", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const grid = {
      "train.learningRate.rate": [0.05, 1e30],
      "load.dataset.images": ["data/images", "data/nowhere"],
    };
    await workspace.write("sweep.json", sweepOf(grid));
    const { code, stdout, stderr } = await workspace.run("sweep", ["sweep.json"]);
    assertEquals(code, 1);
    assertEquals(finished(workspace).length, 1);
    assertEquals(stdout.match(/tiny-[0-9a-f]{10}$/gm)?.length, 1);
    const failures = stderr.split("\n").filter((line) => line.startsWith("failed: "));
    assertEquals(failures.length, 3);
    assertStringIncludes(failures[0] ?? "", "rate 0.05, images data/nowhere: Cannot read ");
    assertStringIncludes(failures[1] ?? "", "rate 1e30, images data/images: Training diverged");

    await workspace.write("sweep.json", sweepOf({ "train.learningRate.rate": [1e30] }));
    const none = await workspace.run("sweep", ["sweep.json"]);
    assertEquals([none.code, none.stdout], [1, ""]);
  }));

Deno.test("sweep stopped by Ctrl-C leaves checkpoints, and resumes from them", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    await workspace.write("grid.json", {
      extends: DIGITS,
      name: "grid",
      sweep: { seed: [1, 2, 3] },
    });
    await Deno.mkdir(join(workspace.folder, "outputs"));
    const args = ["grid.json", "--threads", "2", "--set", "train.epochs=6"];
    const isUnderWay = () => /checkpoints\/step/.test(`${workspace.list("outputs")}`);
    const { code, stdout, stderr } = await interrupt(workspace, args, {
      signal: "SIGINT",
      when: isUnderWay,
    });
    assertEquals([code, stdout], [130, ""], stderr);
    assert(stderr.endsWith("stopped: the same command resumes from here\n"), stderr);
    const left = workspace.list("outputs");
    assertEquals(left.filter((path) => /\.tmp$|\.claim|table/.test(path)), []);
    const ended = await workspace.run("sweep", args);
    assertEquals(ended.code, 0, ended.stderr);
    assertStringIncludes(ended.stderr, ": resuming from step ");
    assertEquals(finished(workspace).length, 3);
  }));

Deno.test("train rejects a config with a sweep, and sweep one without, each with the next step", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("sweep.json", sweepOf({ seed: [1, 2] }));
    const train = await workspace.run("train", ["sweep.json"]);
    assertEquals([train.code, train.stdout], [2, ""]);
    assertStringIncludes(
      train.stderr,
      'expected a config of one run: received one with "sweep": deno task sweep sweep.json runs it',
    );
    const sweep = await workspace.run("sweep", ["tiny.json"]);
    assertEquals([sweep.code, sweep.stdout], [2, ""]);
    assertStringIncludes(
      sweep.stderr,
      'expected a key "sweep" that says what varies, for example "sweep": { "seed": [1, 2, 3] }',
    );
    for (const args of [[], ["a.json", "b.json"], ["sweep.json", "--threads", "0"]]) {
      assertEquals((await workspace.run("sweep", args)).code, 2);
    }
  }));
