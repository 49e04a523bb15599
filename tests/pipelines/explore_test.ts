/** The command `deno task explore`. */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "./workspace.ts";

/** The files of a folder by their names. */
function filesOf({ folder, list }: Workspace, path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list(path).map((name) => [name, Deno.readTextFileSync(join(folder, path, name))]),
  );
}

const CHARTS = ["balance", "components", "duplicates", "parts", "pixels", "plane", "samples"];

Deno.test("explore shows the data of a config, and writes the same bytes every time", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const first = await workspace.run("explore", ["tiny.json"]);
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = runOf(first);
    assert(/^outputs\/tiny-explore-[0-9a-f]{10}$/.test(folder), folder);
    const files = filesOf(workspace, folder);
    assertEquals(Object.keys(files), [
      ...CHARTS.map((name) => `charts/${name}.svg`),
      "explore.json",
      "explore.svg",
      "features.jsonl",
    ]);
    const { shape, type, parts } = JSON.parse(files["explore.json"] ?? "");
    assertEquals([shape, type], [[2, 7], "8-bit"]);
    assertEquals(
      parts.map((
        { part, samples }: { readonly part: string; readonly samples: number },
      ) => [part, samples]),
      [["train", 48], ["validation", 12], ["test", 30]],
    );
    assertStringIncludes(
      first.stdout,
      "\n90 samples of 2 × 7 values, 8-bit, in 3 classes (idx); no",
    );

    assertEquals((await workspace.run("explore", ["tiny.json"])).stdout, first.stdout);
    assertEquals(filesOf(workspace, folder), files);

    // what is learnt of the data does not change what it is; how it is cut does
    const setting = async (set: string) =>
      runOf(await workspace.run("explore", ["tiny.json", "--set", set]));
    assertEquals(await setting("train.epochs=9"), folder);
    assertNotEquals(await setting("split.validation=6"), folder);
    assertNotEquals(await setting("seed=2"), folder);
  }));

Deno.test("explore needs no stage but load, and makes PNGs if it is asked to", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("data.json", { ...TINY, pipeline: TINY.pipeline.slice(0, 1) });
    const ended = await workspace.run("explore", ["data.json", "--png"]);
    assertEquals([ended.code, ended.stderr], [0, ""]);
    const names = workspace.list(runOf(ended));
    const images = names.filter((name) => name.endsWith(".png"));
    assertEquals(images, [...CHARTS.map((name) => `charts/${name}.png`), "explore.png"]);
    assertEquals(ended.stdout.split("\n").filter((line) => line.startsWith("validation")), []);
  }));

Deno.test("explore says where a table lacks a number, and that its config is wrong", () =>
  inWorkspace(async (workspace) => {
    await workspace.write("gap.csv", "a,b,kind\n1,2,x\n3,,y\n");
    const pipeline = [{ stage: "load", dataset: { name: "csv", path: "gap.csv" } }];
    await workspace.write("gap.json", { name: "gap", seed: 1, pipeline });
    assertEquals(await workspace.run("explore", ["gap.json"]), {
      code: 1,
      stdout: "",
      stderr: 'Cannot read "gap.csv", line 3, column "b": expected a number: received nothing\n',
    });
    const { code, stderr } = await workspace.run("explore", ["gap.json", "--set", "load.datset=1"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "Cannot read config");
    assertEquals(workspace.list().filter((path) => path.startsWith("outputs/")), []);
  }));

Deno.test("explore exits with 2 on wrong arguments, and shows how it is used", () =>
  inWorkspace(async (workspace) => {
    for (
      const [args, message] of [
        [[], "expected one config: received 0"],
        [["a.json", "b.json"], "expected one config: received 2"],
        [["a.json", "--output", "elsewhere"], "expected an --output in outputs/"],
        [
          ["a.json", "--threads", "2"],
          "expected one of --png, --output, --data-dir, --set, --help",
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await workspace.runAlone("explore", args);
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `Cannot run "deno task explore": ${message}`);
    }
    const help = await workspace.run("explore", ["--help"]);
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, "deno task explore CONFIG");
  }));
