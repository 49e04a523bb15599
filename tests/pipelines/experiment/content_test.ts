/** Runs on the user's own data are known by its content, wherever it lies, by the commands. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../../lib/data/sha256.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const IRIS = Deno.readTextFileSync(new URL("../../fixtures/iris.csv", import.meta.url));
const HASH = sha256(new TextEncoder().encode(IRIS));

/** A config of a table, which learns for an epoch. */
function onTable(dataset: object): object {
  const [, , ...rest] = TINY.pipeline;
  const load = { stage: "load", dataset: { name: "csv", label: "species", ...dataset } };
  return { ...TINY, pipeline: [load, { stage: "split", test: 30, validation: 30 }, ...rest] };
}

/** Trains on a table at a path of the workspace; returns the run folder. */
async function trainOn({ write, run }: Workspace, path: string): Promise<string> {
  await write(path, IRIS);
  await write("table.json", onTable({ path }));
  return runOf(await run("train", ["table.json", "--output", "outputs/" + path.length]));
}

Deno.test("train gives the same table in two folders, under two names and on a path with spaces one id and the same bytes", () =>
  inWorkspace(async (workspace) => {
    const paths = ["a/iris.csv", "b/flowers.csv", "my own data/the flowers, all.csv"];
    const runs: string[] = [];
    for (const path of paths) runs.push(await trainOn(workspace, path));
    const names = new Set(runs.map((run) => run.split("/").at(-1)));
    assertEquals(names.size, 1);
    const [first, ...others] = runs.map((run) => workspace.promised(run));
    for (const other of others) assertEquals(other, first);
    const [config, manifest, settings] = ["config.json", "manifest.json", "charts/settings.svg"]
      .map((file) => Deno.readTextFileSync(join(workspace.folder, runs[0], file)));
    assertEquals(JSON.parse(config).pipeline[0].dataset, {
      name: "csv",
      sha256: { table: HASH },
      label: "species",
      delimiter: ",",
    });
    const place = join(Deno.realPathSync(workspace.folder), paths[0]);
    assertEquals(JSON.parse(manifest).data, [{ file: "table", sha256: HASH, path: place }]);
    assertStringIncludes(settings, HASH.slice(0, 8));
    assertEquals([settings.includes("iris.csv"), settings.includes("150")], [false, true]);
  }));

Deno.test("evaluate, report, train and reproduce find the data of a run that was copied elsewhere", () =>
  inWorkspace(async (workspace) => {
    const run = await trainOn(workspace, "a/iris.csv");
    const { folder, write } = workspace;
    const before = await workspace.run("evaluate", [run]);
    const copy = "outputs/sent";
    await Deno.rename(join(folder, run), join(folder, copy));
    assertEquals(await workspace.run("evaluate", [copy]), before); // where the run had it
    await Deno.remove(join(folder, "a"), { recursive: true });
    const missing = await workspace.run("evaluate", [copy]);
    assertEquals([missing.code, missing.stdout], [1, ""]);
    assertStringIncludes(
      missing.stderr,
      `Cannot load "csv": expected its table with SHA-256 ${HASH.slice(0, 12)}…: received no such`,
    );
    assertStringIncludes(missing.stderr, "--data-dir");
    await write("theirs/iris.csv", IRIS.replace("4.9", "4.8")); // the name alone is not enough
    await write("theirs/z.gz", new Uint8Array(gzipSync(IRIS)));
    const where = ["--data-dir", "theirs"];
    const other = await workspace.run("train", ["table.json", ...where]);
    assertEquals(other.code, 0); // a config without a hash takes what has the name
    await Deno.remove(join(folder, "theirs/iris.csv"));
    assertEquals(await workspace.run("evaluate", [copy, ...where]), before);
    assertEquals((await workspace.run("report", [copy])).code, 0);
    const config = `${copy}/config.json`;
    const again = runOf(
      await workspace.run("train", [config, "--output", "outputs/new", ...where]),
    );
    assertEquals(again.split("/").at(-1), run.split("/").at(-1));
    assertEquals(workspace.promised(again), workspace.promised(copy));
    const reproduced = await workspace.run("reproduce", [copy, "--quiet", ...where]);
    assertEquals([reproduced.code, reproduced.stderr], [0, ""]);
    await write(`${copy}/data.csv`, IRIS); // data that was sent with the run
    assertEquals(await workspace.run("evaluate", [copy]), before);
  }));

Deno.test("train rejects a table with other content than its config pins, and invalid hashes", () =>
  inWorkspace(async (workspace) => {
    await workspace.write("iris.csv", IRIS.replace("4.9", "4.8"));
    const cases = [
      [{ path: "iris.csv", sha256: { table: HASH } }, 1, 'received other content in "iris.csv" ('],
      [{ sha256: { table: HASH } }, 1, "received no such file in "],
      [
        { sha256: { table: "abc" } },
        2,
        "(load.dataset.sha256.table): expected a string that matches",
      ],
      [{ sha256: { tabel: HASH } }, 2, 'did you mean "table"?'],
      [{}, 2, "(load.dataset.path): expected a path, or the sha256 of the table: received nothing"],
    ] as const;
    for (const [dataset, code, message] of cases) {
      await workspace.write("table.json", onTable(dataset));
      const ended = await workspace.run("train", ["table.json"]);
      assertEquals([ended.code, ended.stdout], [code, ""]);
      assertStringIncludes(ended.stderr, message);
    }
  }));

Deno.test("runs of IDX files and arrays have one id wherever their files are, and find them by name or content", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { folder } = workspace;
    const run = runOf(await workspace.run("train", ["tiny.json"]));
    await Deno.rename(join(folder, "data"), join(folder, "elsewhere"));
    await Deno.rename(join(folder, "elsewhere/labels"), join(folder, "elsewhere/renamed"));
    const where = ["--data-dir", "elsewhere"];
    assertEquals((await workspace.run("evaluate", [run, ...where])).code, 0);
    const [load, ...rest] = TINY.pipeline;
    const paths = {
      images: "elsewhere/images",
      labels: "elsewhere/renamed",
      testImages: "elsewhere/test-images",
      testLabels: "elsewhere/test-labels",
    };
    const dataset = { ...load.dataset, ...paths };
    await workspace.write("moved.json", { ...TINY, pipeline: [{ ...load, dataset }, ...rest] });
    const again = runOf(await workspace.run("train", ["moved.json", "--output", "outputs/other"]));
    assertEquals(again.split("/").at(-1), run.split("/").at(-1));
    assertEquals(workspace.promised(again), workspace.promised(run));
  }));

Deno.test("runs of the previous format, whose configs name paths, work with evaluate, predict, report, compare and runs", () =>
  inWorkspace(async (workspace) => {
    const run = await trainOn(workspace, "a/iris.csv");
    const { folder, write } = workspace;
    const config = join(folder, run, "config.json");
    const [manifest, text] = [join(folder, run, "manifest.json"), Deno.readTextFileSync(config)];
    const json = JSON.parse(text);
    const { sha256: _, ...dataset } = json.pipeline[0].dataset;
    json.pipeline[0].dataset = { ...dataset, path: "a/iris.csv" };
    const older = `${JSON.stringify(json, null, 2)}\n`;
    const hashOf = (text: string) => sha256(new TextEncoder().encode(text));
    const before = await workspace.run("evaluate", [run]);
    await write(`${run}/config.json`, older);
    const about = JSON.parse(Deno.readTextFileSync(manifest));
    for (const file of about.files) if (file.path === "config.json") file.sha256 = hashOf(older);
    for (const file of about.data) delete file.path;
    await write(`${run}/manifest.json`, JSON.stringify({ ...about, format: 2 }));
    const renamed = run.replace(/[0-9a-f]{10}$/, "0123456789");
    await Deno.rename(join(folder, run), join(folder, renamed));
    assertEquals(await workspace.run("evaluate", [renamed]), before);
    await Deno.rename(join(folder, "a"), join(folder, "b"));
    assertEquals(await workspace.run("evaluate", [renamed, "--data-dir", "b"]), before);
    const predicted = await workspace.run("predict", [renamed, "b/iris.csv"]);
    assertEquals(predicted.code, 0, predicted.stderr);
    const drawn = await workspace.run("report", [renamed]);
    assertEquals([drawn.code, drawn.stderr], [0, ""]);
    const svg = await Deno.readTextFile(join(folder, renamed, "report.svg"));
    assertEquals(svg.includes("iris.csv"), false);
    const listed = await workspace.run("runs", ["--output", "outputs/10"]);
    assertStringIncludes(listed.stdout, basename(renamed));
    const newer = runOf(
      await workspace.run("train", ["table.json", "--data-dir", "b", "--set", "seed=2"]),
    );
    const compared = await workspace.run("compare", [renamed, newer]);
    assertEquals([compared.code, compared.stderr], [0, ""]);
    assertStringIncludes(compared.stdout, "format");
    assertEquals(compared.stdout.includes("iris.csv"), false);
  }));
