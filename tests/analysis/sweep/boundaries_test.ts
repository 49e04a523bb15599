import { assert, assertEquals } from "@std/assert";
import { combinations } from "../../../lib/config/grid.ts";
import { drawBoundaryGrid, readBoundaryData } from "../../../lib/analysis/sweep/boundaries.ts";
import type { ScoredRun } from "../../../lib/run/scored_run.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";
import { readSvg, walk } from "../../plot/support/tree.ts";
import { makeRecord } from "../../report/record.ts";

const RECORD = makeRecord({ classes: ["a", "b"], shape: [2], observed: true, plane: true });

const GRID = {
  "load.dataset": [{ name: "moons", noise: 0.3 }, { name: "circles" }],
  "train.regularization.weightDecay": [0, 1],
  seed: [1, 2],
};

function sweepOf(grid: Readonly<Record<string, readonly unknown[]>>) {
  const runs = combinations(grid).map((settings, index): ScoredRun => ({
    settings,
    run: `plane-${index}`,
    epochs: 5,
    scores: { validation: { accuracy: 0.5 + index / 20, interval: null, loss: 0.1 } },
  }));
  const decided = readBoundaryData(RECORD);
  assert(decided !== undefined);
  const ranking = { split: "validation", figure: "accuracy" } as const;
  const sweep = { title: "Plane", description: undefined, keys: Object.keys(grid), runs, ranking };
  return { sweep, boundaryDataByRun: new Map(runs.map((run) => [run, decided])) };
}

function textsOf(svg: string): readonly string[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "text").map(({ text }) => text);
}

Deno.test("drawBoundaryGrid() has a row and a column for each value of two options, with the first seed's accuracy", async () => {
  const { sweep, boundaryDataByRun } = sweepOf(GRID);
  const svg = drawBoundaryGrid(sweep, boundaryDataByRun) ?? "";
  assertGoodSvg(svg);
  const texts = textsOf(svg);
  const percents = texts.filter((text) => text.endsWith("%"));
  assertEquals(percents, [0, 2, 4, 6].map((index) => `${(50 + 5 * index).toFixed(1)}\u00a0%`));
  for (const text of ["moons, noise 0.3", "circles", "0", "1"]) assert(texts.includes(text), text);
  await assertSnapshot(new URL("snapshots/boundaries.svg", import.meta.url), svg);
});

Deno.test("drawBoundaryGrid() draws settings of one or three options one after the other", () => {
  const one = sweepOf({ "train.epochs": [1, 2, 3, 4, 5, 6, 7] });
  const three = sweepOf({
    "train.epochs": [1, 2],
    "train.batchSize": [8, 16],
    "split.validation": [1, 2],
  });
  for (const [{ sweep, boundaryDataByRun }, count] of [[one, 7], [three, 8]] as const) {
    const svg = drawBoundaryGrid(sweep, boundaryDataByRun) ?? "";
    assertGoodSvg(svg);
    assertEquals(textsOf(svg).filter((text) => text.endsWith("%")).length, count);
  }
});

Deno.test("drawBoundaryGrid() is undefined without two features, and for too many settings", () => {
  assertEquals(readBoundaryData(makeRecord({ observed: true })), undefined);
  const { sweep } = sweepOf(GRID);
  assertEquals(drawBoundaryGrid(sweep, new Map()), undefined);
  const many = sweepOf({ "train.epochs": Array.from({ length: 61 }, (_, i) => i + 1) });
  assertEquals(drawBoundaryGrid(many.sweep, many.boundaryDataByRun), undefined);
});
