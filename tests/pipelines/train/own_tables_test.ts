/** Tables as people have them: trained without editing the file, evaluated, and predicted from raw rows. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { csv, type CsvTableOptions } from "../../../lib/data/datasets/csv.ts";
import { storedFileFromBytes } from "../../../lib/data/formats/gzip.ts";
import { split } from "../../../lib/data/split/split.ts";
import { ownTables, textOf } from "../../data/own_tables.ts";
import { figuresOf, inWorkspace, runOf, type Workspace } from "../workspace.ts";

const STAGES = [
  { stage: "split", validation: 0.2, test: 0.2 },
  { stage: "normalize", method: { name: "standardize" } },
  {
    stage: "train",
    layers: [{ name: "dense", units: 8 }, { name: "relu" }, { name: "dense", units: "classes" }],
    loss: { name: "softmaxCrossEntropy" },
    optimizer: { name: "adam" },
    learningRate: { name: "constant", rate: 0.02 },
    epochs: 40,
    batchSize: 16,
  },
  { stage: "evaluate", on: ["validation", "test"] },
];

function readJson({ folder }: Workspace, path: string): { readonly pipeline: readonly unknown[] } {
  return JSON.parse(Deno.readTextFileSync(join(folder, path)));
}

Deno.test("train, evaluate and predict accept tables as people have them", () =>
  inWorkspace(async (workspace) => {
    for (const table of ownTables) {
      const { name, lines, options, found } = table;
      await workspace.write(`${name}.csv`, textOf(table, lines));
      const dataset = { name: "csv", path: `${name}.csv`, ...options };
      const pipeline = [{ stage: "load", dataset }, ...STAGES];
      await workspace.write(`${name}.json`, { name, seed: 1, pipeline });
      const trained = await workspace.run("train", [`${name}.json`]);
      assertEquals(trained.code, 0, trained.stderr);
      const run = runOf(trained);

      // what was found stands in the config of the run, which is the same run
      const [load] = readJson(workspace, `${run}/config.json`).pipeline as [
        { readonly dataset: Readonly<Record<string, unknown>> },
      ];
      for (const [option, value] of Object.entries(found)) {
        assertEquals(load.dataset[option], value, `${name}: ${option}`);
      }
      const again = await workspace.run("train", [`${run}/config.json`, "--data-dir", "."]);
      assertEquals(runOf(again), run);

      const evaluated = await workspace.run("evaluate", [run]);
      assertEquals(evaluated.stdout.trimEnd().split("\n"), figuresOf(trained), name);

      const [head, rows] = [lines.slice(0, 1), lines.slice(1)];
      await workspace.write("labelled.csv", textOf(table, lines));
      const labelled = await workspace.run("predict", [run, "labelled.csv"]);
      const [, accuracy = "0"] = labelled.stderr.match(/accuracy ([\d.]+)/) ?? [];
      assert(Number(accuracy) > 85, `${name}: ${labelled.stderr}`);
      const raw = [...head, ...rows].map(table.unlabelled);
      await workspace.write("raw.csv", textOf(table, raw));
      const predicted = await workspace.run("predict", [run, "raw.csv"]);
      assertEquals([predicted.stdout, predicted.stderr], [labelled.stdout, ""], name);
    }
  }));

Deno.test("train gives the same model whatever the held-out rows contain", () =>
  inWorkspace(async (workspace) => {
    const [titanic] = ownTables;
    const [head, ...rows] = titanic.lines;
    const read = (lines: readonly string[]) =>
      storedFileFromBytes(new TextEncoder().encode(textOf(titanic, lines)), "t.csv");
    const options = { path: "t.csv", ...titanic.options } as CsvTableOptions;
    const dataset = await csv(options).load([read(titanic.lines)]);
    const { train } = split(dataset, { validation: 0.2, test: 0.2, seed: 1 });
    const learnt = new Set(train.rows);
    const changed = rows.map((row, index) =>
      learnt.has(index) ? row : row.replace(/(fe)?male,.*/, "unknown,1000000.5,-99,C1,Atlantis")
    );
    assertEquals(changed.filter((row, index) => row !== rows[index]).length, 43);
    const models: Uint8Array[] = [];
    for (const lines of [titanic.lines, [head, ...changed]]) {
      await workspace.write("t.csv", textOf(titanic, lines));
      const dataset = { name: "csv", path: "t.csv", ...titanic.options };
      const pipeline = [{ stage: "load", dataset }, ...STAGES];
      await workspace.write("t.json", { name: "t", seed: 1, pipeline });
      const run = runOf(await workspace.run("train", ["t.json"]));
      models.push(await Deno.readFile(join(workspace.folder, run, "model.safetensors")));
    }
    assertEquals(models[1], models[0]);
  }));
