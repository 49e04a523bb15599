/** Tables as people have them: trained without editing the file, evaluated, and predicted from raw rows. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
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

Deno.test("train, evaluate and predict take tables as people have them", () =>
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
