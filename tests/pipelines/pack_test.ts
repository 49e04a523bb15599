/** Packing runs into an archive, and commands on archives. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, TINY, writeTiny } from "./workspace.ts";

Deno.test("evaluate, predict, report and reproduce accept an archive with its data like the run folder", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { folder } = workspace;
    const run = runOf(await workspace.run("train", ["tiny.json"]));
    const archive = runOf(await workspace.run("pack", [run, "--with-data"]));
    const bare = runOf(await workspace.run("pack", [run, "--output", "outputs/bare"]));
    const again = runOf(
      await workspace.run("pack", [run, "--output", "outputs/again", "--with-data"]),
    );
    assertEquals(Deno.readFileSync(join(folder, again)), Deno.readFileSync(join(folder, archive)));
    const evaluated = await workspace.run("evaluate", [run]);
    const predicted = await workspace.run("predict", [run, "data/test-images"]);
    await Deno.rename(join(folder, "data"), join(folder, "elsewhere")); // as on another machine
    await Deno.rename(join(folder, run), join(folder, "gone"));
    assertEquals(await workspace.run("evaluate", [archive]), evaluated);
    const samples = "elsewhere/test-images";
    assertEquals(await workspace.run("predict", [archive, samples]), predicted);
    const reproduced = await workspace.run("reproduce", [archive, "--quiet"]);
    assertEquals([reproduced.code, reproduced.stderr], [0, ""]);
    const report = runOf(await workspace.run("report", [archive]));
    assertEquals(report, `outputs/received/${run.split("/").at(-1)}/report.svg`);
    assertEquals(
      Deno.readFileSync(join(folder, report)),
      Deno.readFileSync(join(folder, "gone/report.svg")),
    );
    const missing = await workspace.run("evaluate", [bare]);
    assertEquals([missing.code, missing.stdout], [1, ""]);
    assertStringIncludes(missing.stderr, "name its folder by --data-dir");
    assertEquals(await workspace.run("evaluate", [bare, "--data-dir", "elsewhere"]), evaluated);
  }));

Deno.test("pack includes the members of an ensemble, and rejects folders that are not runs, or were changed", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "evaluate" ? { ...stage, on: ["test"] } : stage
    );
    await workspace.write("ensemble.json", { ...TINY, pipeline, ensemble: { seed: [1, 2] } });
    const run = runOf(await workspace.run("train", ["ensemble.json"]));
    const archive = runOf(await workspace.run("pack", [run]));
    const predicted = await workspace.run("predict", [run, "data/test-images"]);
    await Deno.rename(join(workspace.folder, "outputs"), join(workspace.folder, "sent"));
    const sent = archive.replace("outputs", "sent");
    assertEquals(await workspace.run("predict", [sent, "data/test-images"]), predicted);
    await workspace.write("sent/report.zip", "no archive");
    const refused = await workspace.run("report", ["sent/report.zip"]);
    assertStringIncludes(
      refused.stderr,
      'Cannot open archive "sent/report.zip": expected an archive',
    );
    const changed = run.replace("outputs", "sent");
    await workspace.write(`${changed}/summary.json`, "{}");
    const spoilt = await workspace.run("pack", [changed]);
    assertEquals([spoilt.code, spoilt.stdout], [1, ""]);
    assertStringIncludes(spoilt.stderr, 'received another "summary.json"');
  }));
