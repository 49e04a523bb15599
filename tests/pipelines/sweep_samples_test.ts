/** The sweeps that the page on hyperparameters shows are those of the committed configs. */
import { assert, assertEquals } from "@std/assert";
import { sweepFigure } from "../../lib/analysis/sweep/figure.ts";
import { varyingKeys } from "../../lib/report/runs/names.ts";
import { chooseRanking } from "../../lib/report/runs/ranking.ts";
import { prettyJson } from "../../lib/run/json.ts";
import {
  encodeSweptRuns,
  encodeSweptSettings,
  groupBySetting,
} from "../../lib/analysis/sweep/model.ts";
import { readGridFile } from "../../pipelines/experiment/config_file.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { sampleFolder, sampleRuns, sweepNames } from "../sweep_samples.ts";

for (const name of sweepNames()) {
  const grid = readGridFile(`configs/sweeps/${name}.json`, [], "sweep");
  const read = (file: string) => Deno.readTextFileSync(new URL(file, sampleFolder(name)));

  Deno.test(`configs/sweeps/${name}.json is the config of its committed sample`, () => {
    assertEquals(read("sweep.json"), prettyJson(grid.config));
  });

  Deno.test(`configs/sweeps/${name}.json chooses nothing by the test split`, () => {
    const on = grid.runs.map(({ config }) =>
      config.pipeline.find(({ stage }) => stage === "evaluate")
    );
    assert(on.every((stage) => stage?.stage === "evaluate" && `${stage.on}` === "validation"));
    assert(sampleRuns(name).every(({ scores }) => scores.test === undefined));
  });

  Deno.test(`the sample ${name} has the runs of its grid, and their tables and figure`, async () => {
    const runs = sampleRuns(name);
    assertEquals(encodeSweptRuns(runs), read("runs.jsonl"));
    const ranking = chooseRanking(runs, grid.runs.map(({ config }) => config), { test: false });
    const asked = grid.runs.map(({ settings }) => JSON.stringify(settings));
    const found = runs.map(({ settings }) => JSON.stringify(settings));
    assertEquals(found, asked);
    assertEquals(encodeSweptSettings(groupBySetting(runs), ranking), read("settings.jsonl"));
    const { name: title, description } = grid.config;
    const keys = varyingKeys(grid.keys, grid.runs);
    const figure = sweepFigure({ title, description, keys, runs, ranking });
    await assertSnapshot(new URL("figure.svg", sampleFolder(name)), figure);
  });
}
