/** PNGs beside reports, which commands make when they are asked to. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, writeTiny } from "./workspace.ts";

/** The files of one kind among some paths, without its ending. */
function named(paths: readonly string[], ending: string): readonly string[] {
  return paths.filter((path) => path.endsWith(ending)).map((path) => path.slice(0, -ending.length));
}

Deno.test("train --png writes a PNG beside every SVG, and changes no promised file", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const plain = await workspace.run("train", ["tiny.json"]);
    const run = runOf(plain);
    const promised = workspace.promised(run);
    assertEquals(named(workspace.list(run), ".png"), []);

    const ended = await workspace.run("train", ["tiny.json", "--png"]);
    assertEquals([ended.code, ended.stdout], [0, `${run}\n`]);
    assertEquals(ended.stderr.split("\n")[0], `already finished: ${run}`);
    const files = workspace.list(run);
    assertEquals(named(files, ".png"), named(files, ".svg"));
    assertEquals(workspace.promised(run), promised);
    const manifest = JSON.parse(
      await Deno.readTextFile(join(workspace.folder, run, "manifest.json")),
    );
    const hashed = manifest.files.map(({ path }: { readonly path: string }) => path);
    assertEquals(named(hashed, ".png"), []);
  }));

Deno.test("report --png reads the renderer's packages under the restrictions of a command", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const panels = 'report.panels=["result"]';
    const run = runOf(await workspace.run("train", ["tiny.json", "--set", panels]));
    const { code, stderr } = await workspace.runAlone("report", [run, "--png"]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(workspace.list(run).includes("report.png"), true);
  }));

Deno.test("report --png writes the report and all charts as PNG", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const panels = 'report.panels=["result","accuracy"]'; // all are drawn above
    const run = runOf(await workspace.run("train", ["tiny.json", "--set", panels]));
    const ended = await workspace.run("report", [run, "--png"]);
    assertEquals(ended, { code: 0, stdout: `${run}/report.svg\n`, stderr: "" });
    const files = workspace.list(run);
    assertEquals(named(files, ".png"), named(files, ".svg"));
    const start = await Deno.readFile(join(workspace.folder, run, "report.png"));
    assertEquals([...start.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  }));

Deno.test("sweep --png writes a PNG of the tables", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("many.json", { extends: "tiny.json", sweep: { seed: [1, 2] } });
    const folder = runOf(await workspace.run("sweep", ["many.json", "--png", "--quiet"]));
    assertEquals(workspace.list(folder), [
      "figure.png",
      "figure.svg",
      "runs.jsonl",
      "settings.jsonl",
      "sweep.json",
      "table.png",
      "table.svg",
    ]);
  }));

Deno.test("compare --png writes a PNG of the page, of its charts and of its environment", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const runs: string[] = [];
    for (const seed of [1, 2]) {
      const ended = await workspace.run("train", ["tiny.json", "--quiet", "--set", `seed=${seed}`]);
      runs.push(runOf(ended));
    }
    const ended = await workspace.run("compare", [...runs, "--png"]);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    const files = workspace.list(runOf(ended));
    assertEquals(named(files, ".png"), named(files, ".svg"));
    assertEquals(files.includes("environment.png"), true);
    assertEquals(runs.flatMap((run) => named(workspace.list(run), ".png")), []);
  }));

for (
  const [task, args, drawing] of [
    ["lr-range", ["--steps", "20"], "lr-range"],
    ["profile", ["--seconds", "0.1", "--threads", "1"], "profile"],
  ] as const
) {
  Deno.test(`${task} --png writes a PNG of its drawing`, () =>
    inWorkspace(async (workspace) => {
      await writeTiny(workspace);
      const ended = await workspace.run(task, ["tiny.json", ...args, "--png"]);
      assertEquals([ended.code, ended.stderr], [0, ""]);
      assertEquals(named(workspace.list(runOf(ended)), ".png"), [drawing]);
    }));
}
