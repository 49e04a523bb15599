/** The command `deno task compare`: a few runs, many, ensembles, and what cannot be compared. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readIdx } from "../../lib/data/formats/idx.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { readSampleFeatures } from "../../pipelines/compare/run.ts";
import { type Ended, inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** Trains the tiny config with changes; returns the run's folder. */
async function trained({ run }: Workspace, ...sets: readonly string[]): Promise<string> {
  const ended = await run("train", [
    "tiny.json",
    "--quiet",
    ...sets.flatMap((set) => ["--set", set]),
  ]);
  assertEquals(ended.code, 0, ended.stderr);
  return runOf(ended);
}

/** SHA-256 of every file in a folder of a workspace, by its path. */
function hashes({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, sha256(Deno.readFileSync(join(folder, path, name)))]),
  );
}

/** The cells of the rows of the first table that was printed, without its headings. */
function firstTable({ stdout }: Ended): readonly (readonly string[])[] {
  const lines = stdout.split("\n");
  return lines.slice(2, lines.indexOf("")).map((line) => line.trim().split(/ {2,}/));
}

const good = "train.epochs=30";

Deno.test("compare writes a folder and prints tables, with the same bytes every time except times", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const runs = [await trained(workspace), await trained(workspace, good, "seed=2")];
    const before = runs.map((run) => hashes(workspace, run));
    const first = await workspace.run("compare", [...runs, "--test"]);
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = runOf(first);
    assert(/^outputs\/compare-[0-9a-f]{10}$/.test(folder), folder);
    assertEquals(runs.map((run) => hashes(workspace, run)), before);
    const { "environment.svg": times, ...promised } = hashes(workspace, folder);
    assert(times !== undefined);
    assertEquals(Object.keys(promised).filter((path) => !path.startsWith("charts/")), [
      "compare.json",
      "compare.svg",
      "disagreements.jsonl",
    ]);
    assertStringIncludes(first.stdout, "\nseed          1  2\ntrain.epochs  2  30\n");
    assertEquals(firstTable(first).map((row) => [row[0], row.at(-1)]), [
      ["A", runs[0]?.slice("outputs/".length)],
      ["B", runs[1]?.slice("outputs/".length)],
    ]);

    await Deno.remove(join(workspace.folder, folder), { recursive: true });
    const again = await workspace.run("compare", [...runs.map((run) => `${run}/`), "--test"]);
    assertEquals(again.stdout, first.stdout);
    const { "environment.svg": _, ...same } = hashes(workspace, folder);
    assertEquals(same, promised);

    // the same test as that of evaluate, on the test split: another seed validates on other samples
    const [one, other] = runs as [string, string];
    const against = await workspace.run("evaluate", [one, "--on", "test", "--against", other]);
    const json = JSON.parse(
      await Deno.readTextFile(join(workspace.folder, folder, "compare.json")),
    );
    const [{ split, onlyFirst, onlySecond, pValue }] = json.pairs;
    const names = runs.map((run) => run.slice("outputs/".length));
    assertStringIncludes(
      against.stdout,
      `${split}: correct only by one: ${names[0]} ${onlyFirst}, ${names[1]} ${onlySecond}; p ${
        pValue.toPrecision(2)
      } (`,
    );
    const backwards = await workspace.run("compare", [...runs.toReversed(), "--test"]);
    assert(runOf(backwards) !== folder);

    // and nothing of the test split unless that is asked for
    const validated = await workspace.run("compare", runs);
    assertStringIncludes(validated.stdout, "Accuracy on the validation split: ");
    assertStringIncludes(validated.stdout, ", on different samples of the same data: A and B\n");
    assertStringIncludes(
      validated.stdout,
      "Note: the option --test compares the runs on the test split\n",
    );
    assertEquals(firstTable(validated)[0]?.length, 8);
    const written = join(workspace.folder, runOf(validated), "compare.json");
    const { split: shown, runs: [{ validation, test }] } = JSON.parse(
      await Deno.readTextFile(written),
    );
    assertEquals([shown, test], ["validation", undefined]);
    assert(validation.accuracy > 0);
  }));

Deno.test("compare sorts nine runs by accuracy, or by any column, with a chart of their options", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const grid = {
      "train.optimizer.name": ["sgd", "momentum", "adam"],
      "train.learningRate.rate": [0.002, 0.01, 0.05],
    };
    await workspace.write("sweep.json", { ...TINY, sweep: grid });
    const swept = await workspace.run("sweep", ["sweep.json", "--quiet"]);
    assertEquals(swept.code, 0, swept.stderr);
    const runs = workspace.list("outputs").flatMap((path) => {
      const name = /^(.*)\/manifest\.json$/.exec(path)?.[1];
      return name === undefined ? [] : [`outputs/${name}`];
    });
    assertEquals(runs.length, 9);
    const numbers = (ended: Ended, column: number) =>
      firstTable(ended).map((row) => Number(row[column]?.replace("–", "NaN")));

    const runsOf = (ended: Ended) => firstTable(ended).map((row) => `outputs/${row.at(-1)}`);
    const byAccuracy = await workspace.run("compare", [...runs, "--test"]);
    assertEquals([byAccuracy.code, byAccuracy.stderr], [0, ""]);
    const [heading = ""] = byAccuracy.stdout.split("\n");
    assertEquals(heading.split(/ {2,}/), [
      "optimizer",
      "rate",
      "validation (%)",
      "95\u00a0% interval",
      "loss",
      "test (%)",
      "95\u00a0% interval",
      "loss",
      "epochs",
      "parameters",
      "p vs. best",
      "time",
      "run",
    ]);
    const accuracies = numbers(byAccuracy, 2); // on the validation split, though the test split is shown
    assertEquals(accuracies, accuracies.toSorted((a, b) => b - a));
    const files = workspace.list(runOf(byAccuracy));
    assertEquals(files.includes("charts/parallel.svg"), true);
    assertEquals(files.includes("charts/accuracy.svg"), false);

    const byLoss = await workspace.run("compare", [...runs, "--test", "--sort", "test.loss"]);
    const losses = numbers(byLoss, 7);
    assertEquals(losses, losses.toSorted((a, b) => a - b));
    const byRate = await workspace.run("compare", [...runs, "--sort", "train.learningRate.rate"]);
    assertEquals(numbers(byRate, 1), [0.002, 0.01, 0.05].flatMap((rate) => [rate, rate, rate]));
    const byRun = await workspace.run("compare", [...runs, "--sort", "run"]);
    assertEquals(runsOf(byRun), runs.toSorted());
    assertEquals(new Set([byAccuracy, byLoss, byRate, byRun].map(runOf)).size, 4);
    const byRunBackwards = await workspace.run("compare", [...runs, "--sort", "run", "--reverse"]);
    assertEquals(runsOf(byRunBackwards), runs.toSorted().reverse());
    const asGiven = await workspace.run("compare", [...runs.slice(1), "--reverse"]);
    assertEquals(runsOf(asGiven), runs.slice(1).reverse());

    const hidden = await workspace.run("compare", [...runs, "--sort", "test"]);
    assertEquals([hidden.code, hidden.stdout], [2, ""]);
    assertStringIncludes(
      hidden.stderr,
      "expected --test beside --sort test, or validation in its place",
    );
    const unknown = await workspace.run("compare", [...runs, "--sort", "acuracy"]);
    assertEquals([unknown.code, unknown.stdout], [2, ""]);
    assertStringIncludes(
      unknown.stderr,
      ' after --sort: received "acuracy": did you mean "accuracy"?',
    );
  }));

Deno.test("compare accepts ensembles, without curves and with the time of their members", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("ensemble.json", { ...TINY, ensemble: { seed: [1, 2] } });
    const ensemble = runOf(await workspace.run("train", ["ensemble.json", "--quiet"]));
    const member = await trained(workspace, "seed=2");
    const compared = await workspace.run("compare", [member, ensemble]);
    assertEquals([compared.code, compared.stderr], [0, ""]);
    const folder = runOf(compared);
    const loss = await Deno.readTextFile(join(workspace.folder, folder, "charts/loss.svg"));
    assertStringIncludes(loss, "Not shown: B.");
    assertStringIncludes(compared.stdout, "\nseed      2  –\nensemble  –  seed (1, 2)\n");

    const timesOf = (ended: Ended) => firstTable(ended).map((row) => row.at(-2));
    assertEquals(timesOf(compared).map((time) => /^\d+\.\d s$/.test(time ?? "")), [true, true]);

    const others = workspace.list("outputs").filter((path) =>
      path.endsWith("/manifest.json") &&
      ![member, ensemble].includes(`outputs/${path.slice(0, -"/manifest.json".length)}`)
    );
    assertEquals(others.length, 1);
    await Deno.remove(join(workspace.folder, "outputs", others[0]));
    const alone = await workspace.run("compare", [member, ensemble]);
    assertEquals(timesOf(alone), [timesOf(compared)[0], "–"]);
  }));

Deno.test("compare reports runs that it cannot compare", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const [run, other] = [await trained(workspace), await trained(workspace, "seed=2")];
    const error = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run("compare", args);
      assertEquals(stdout, "");
      return [code, stderr];
    };
    const usage = 'See "deno task compare --help"\n';
    for (const args of [[], [run]]) {
      assertEquals(await error(...args), [
        2,
        `Cannot run "deno task compare": expected at least two run folders: ` +
        `received ${args.length}\n${usage}`,
      ]);
    }
    const name = run.slice("outputs/".length);
    assertEquals(await error(run, other, `${run}/`), [
      1,
      `Cannot compare runs: expected each run once: received "${name}" twice\n`,
    ]);
    await Deno.remove(join(workspace.folder, other, "manifest.json"));
    assertEquals(await error(run, other), [
      1,
      `Cannot read run "${other}": expected the folder of a finished run: ` +
      'received one without "manifest.json"\n',
    ]);
    await workspace.write(`${run}/summary.json`, {});
    const third = await trained(workspace, "seed=3");
    assertEquals(await error(run, third), [
      1,
      `Cannot read run "${run}": expected its files as its manifest has them: ` +
      'received another "summary.json"\n',
    ]);
    // where a command may write is known by the permissions of its task
    const elsewhere = [third, run, "--output", "elsewhere"];
    assertEquals((await workspace.runAlone("compare", elsewhere)).code, 2);
    assertEquals(workspace.list("outputs").filter((path) => path.startsWith("compare-")), []);
  }));

Deno.test("readSampleFeatures() reads samples from the data of a run only", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("absolute.json", {
      ...TINY,
      pipeline: TINY.pipeline.map((stage) => {
        if (stage.stage !== "load") return stage;
        const files = Object.entries(stage.dataset).map(([key, value]) =>
          [key, key === "name" ? value : join(workspace.folder, value)] as const
        );
        return { stage: "load", dataset: Object.fromEntries(files) };
      }),
    });
    const run = runOf(await workspace.run("train", ["absolute.json", "--quiet"]));
    const path = join(workspace.folder, run);
    const rows = [29, 3];
    const gallery = await readSampleFeatures(path, { split: "test", rows }, {
      dataDirectory: workspace.folder,
      cacheDirectory: ".cache",
    });
    const bytes = await Deno.readFile(join(workspace.folder, "data/test-images"));
    const values = Array.from(readIdx(bytes, "images").values, Number);
    assertEquals([gallery.split, [...gallery.rows], gallery.shape], ["test", rows, [2, 7]]);
    assertEquals(
      [...gallery.values],
      rows.flatMap((row) => values.slice(row * 14, (row + 1) * 14)),
    );
  }));
