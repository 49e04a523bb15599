/** Resolution of data paths in configs and on the command line. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readConfigFile, readGridFile } from "../../../pipelines/experiment/config_file.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../workspace.ts";

const { pipeline: [{ dataset }] } = TINY;

/** Writes the tiny data and a config beside it, both in a folder of their own. */
async function writeOwn(workspace: Workspace): Promise<void> {
  await writeTiny(workspace);
  const { folder } = workspace;
  await Deno.mkdir(join(folder, "own/later"), { recursive: true });
  await Deno.rename(join(folder, "data"), join(folder, "own/data"));
  await Deno.rename(join(folder, "tiny.json"), join(folder, "own/tiny.json"));
}

/** The paths of training samples and labels in a config, from the folder of a workspace. */
function pathsOf({ pipeline }: ReturnType<typeof readConfigFile>, { folder }: Workspace): unknown {
  const [load] = pipeline;
  if (load.stage !== "load" || load.dataset.name !== "idx") throw new Error("no IDX files");
  const { images, labels } = load.dataset;
  return [images, labels].map((path) => path?.replace(`${folder}/`, ""));
}

Deno.test("readConfigFile() resolves each path of data relative to the file that contains it", () =>
  inWorkspace(async (workspace) => {
    const { folder, write } = workspace;
    const own = (dataset: object) => ({
      extends: "../tiny.json",
      pipeline: [{ stage: "load", dataset: { name: "idx", ...dataset } }],
    });
    await writeOwn(workspace);
    await write("own/later/images.json", own({ images: "images" }));
    await write("own/later/absolute.json", own({ images: "/images", labels: "../labels" }));
    const cases = {
      "own/tiny.json": ["own/data/images", "own/data/labels"],
      "own/later/images.json": ["own/later/images", "own/data/labels"],
      "own/later/absolute.json": ["/images", "own/labels"],
    };
    for (const [file, paths] of Object.entries(cases)) {
      assertEquals(pathsOf(readConfigFile(join(folder, file), []), workspace), paths, file);
    }
    const set = ["load.dataset.images=images", 'load.dataset.labels="later/labels"'];
    const config = readConfigFile(join(folder, "own/tiny.json"), set);
    assertEquals(pathsOf(config, workspace), ["images", "later/labels"]);
    const whole = [`load.dataset=${JSON.stringify(dataset)}`];
    assertEquals(
      pathsOf(readConfigFile(join(folder, "own/tiny.json"), whole), workspace),
      ["data/images", "data/labels"],
    );
  }));

Deno.test("readGridFile() resolves paths of data in a grid relative to the grid's file", () =>
  inWorkspace(async (workspace) => {
    const { folder, write } = workspace;
    await writeOwn(workspace);
    const sweep = { "load.dataset.images": ["a", "../b"], "seed": [1] };
    await write("own/later/grid.json", { extends: "../tiny.json", sweep });
    const { runs } = readGridFile(join(folder, "own/later/grid.json"), [], "sweep");
    assertEquals(runs.map(({ config }) => pathsOf(config, workspace)), [
      ["own/later/a", "own/data/labels"],
      ["own/b", "own/data/labels"],
    ]);
    assertEquals(runs.map(({ settings: [{ value }] }) => value), ["a", "../b"]);
  }));

Deno.test("train reads data beside a config, and again with the config of the run", () =>
  inWorkspace(async (workspace) => {
    await writeOwn(workspace);
    const run = runOf(await workspace.run("train", ["own/tiny.json", "--quiet"]));
    const again = await workspace.run("train", [`${run}/config.json`]);
    assertEquals([again.code, runOf(again)], [0, run], again.stderr);
    assertStringIncludes(again.stderr, "already finished");
    assertEquals((await workspace.run("evaluate", [run])).code, 0);
  }));

Deno.test("--data-dir finds the user's files by relative paths or by base name", () =>
  inWorkspace(async (workspace) => {
    const { folder } = workspace;
    await writeOwn(workspace);
    const run = runOf(await workspace.run("train", ["own/tiny.json", "--quiet"]));
    await Deno.rename(join(folder, "own/data"), join(folder, "elsewhere"));
    const missing = await workspace.run("evaluate", [run]);
    assertStringIncludes(missing.stderr, `received no such file in "${folder}/own/data/`);
    for (const path of ["own/tiny.json", join(folder, "own/tiny.json")]) {
      const args = [path, "--data-dir", "elsewhere", "--set", "train.epochs=1"];
      assertEquals((await workspace.run("train", args)).code, 0, path);
    }
    assertEquals((await workspace.run("evaluate", [run, "--data-dir", "elsewhere"])).code, 0);
  }));
