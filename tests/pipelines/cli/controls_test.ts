/** Control characters in data, configs, paths and arguments: none reaches a terminal, a log or a drawing. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { escapeControls } from "../../../lib/format/visible.ts";
import { inWorkspace, runOf, type Workspace } from "../workspace.ts";

/** Sets a title, rings, clears the screen in 8 bits, reorders letters, deletes. */
const HOSTILE = "\x1b]0;title\x07\x9b2J\u202e\x7f";

/** Classes and columns with these characters. */
const TABLE = [
  `a${HOSTILE},b${HOSTILE},label${HOSTILE}`,
  ...Array.from({ length: 40 }, (_, i) => `${i % 4},${i % 7},${i % 2}${HOSTILE}`),
  "",
].join("\n");

function configOf(dataset: object, more: object = {}): object {
  return {
    name: "hostile",
    seed: 1,
    pipeline: [
      { stage: "load", dataset },
      { stage: "split", validation: 10 },
      { stage: "normalize", method: { name: "standardize" } },
      {
        stage: "train",
        layers: [{ name: "dense", units: 2 }],
        loss: { name: "softmaxCrossEntropy" },
        optimizer: { name: "momentum" },
        learningRate: { name: "constant", rate: 0.1 },
        epochs: 1,
        batchSize: 8,
      },
      { stage: "evaluate", on: ["validation"] },
      { stage: "report" },
    ],
    ...more,
  };
}

/** Expects that a text is as it is shown. */
function expectVisible(text: string, of: string): void {
  assertEquals(escapeControls(text), text, of);
}

Deno.test("control characters of data, configs, paths and arguments are shown as escapes", () =>
  inWorkspace(async (workspace) => {
    const dataset = { name: "csv", path: `t${HOSTILE}.csv`, label: `label${HOSTILE}` };
    await workspace.write(dataset.path, TABLE);
    await workspace.write("c.json", configOf(dataset, { description: HOSTILE }));
    await workspace.write("s.json", configOf(dataset, { sweep: { seed: [1, 2] } }));
    await workspace.write("key.json", configOf(dataset, { [HOSTILE]: HOSTILE }));
    await workspace.write("value.json", configOf({ ...dataset, name: HOSTILE }));
    await workspace.write("column.json", configOf({ ...dataset, label: `other${HOSTILE}` }));
    await workspace.write("missing.json", configOf({ ...dataset, path: HOSTILE }));
    await workspace.write("bad.csv", `${TABLE.slice(0, -1)}\nx${HOSTILE},1,0${HOSTILE}\n`);
    await workspace.write("number.json", configOf({ ...dataset, path: "bad.csv" }));
    await workspace.write(`broken${HOSTILE}.json`, "{");

    const trained = await workspace.run("train", ["c.json"]);
    assertEquals(trained.code, 0, trained.stderr);
    const run = runOf(trained);
    const other = runOf(await workspace.run("train", ["c.json", "--set", "seed=2"]));
    const good = [
      ["explore", "c.json"],
      ["sweep", "s.json"],
      ["predict", run, dataset.path],
      ["evaluate", run],
      ["compare", run, other],
      ["runs"],
      ["report", run],
    ] as const;
    for (const [task, ...args] of good) await expectEnd(workspace, task, args, 0);
    const bad = [
      ["train", "key.json"],
      ["train", "value.json"],
      ["train", "column.json"],
      ["train", "missing.json"],
      ["train", "number.json"],
      ["train", `broken${HOSTILE}.json`],
      ["train", `${HOSTILE}.json`],
      ["train", "c.json", "--set", `${HOSTILE}=1`],
      ["train", "c.json", `--${HOSTILE}`],
      ["train", "c.json", "--threads", HOSTILE],
      ["explore", `${HOSTILE}.json`],
      ["sweep", "key.json"],
      ["predict", HOSTILE, "x"],
      ["predict", run, `x${HOSTILE}`],
      ["evaluate", HOSTILE],
      ["compare", HOSTILE, run],
      ["report", HOSTILE],
      ["runs", "--output", HOSTILE],
    ] as const;
    for (const [task, ...args] of bad) await expectEnd(workspace, task, args);

    const shown = workspace.list("outputs").filter((path) => /(\.svg|log\.jsonl)$/.test(path));
    assert(shown.length > 20);
    for (const path of shown) {
      expectVisible(await Deno.readTextFile(join(workspace.folder, "outputs", path)), path);
    }
  }));

/** Runs a command that must end with some code, or must not succeed, and prints nothing hostile. */
async function expectEnd(
  { run }: Workspace,
  task: Parameters<Workspace["run"]>[0],
  args: readonly string[],
  expected?: number,
): Promise<void> {
  const { code, stdout, stderr } = await run(task, args);
  const of = [task, ...args].join(" ");
  if (expected !== undefined) assertEquals(code, expected, `${of}\n${stderr}`);
  expectVisible(stdout, of);
  expectVisible(stderr, of);
}
