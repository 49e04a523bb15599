import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Setting } from "../../../lib/config/grid.ts";
import { combinations } from "../../../lib/config/grid.ts";
import { sweepFigure } from "../../../lib/analysis/sweep/figure.ts";
import { buildCurves, settingPoints } from "../../../lib/analysis/sweep/points.ts";
import type { ScoredRun } from "../../../lib/run/scored_run.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";

/** A sweep whose runs have the accuracies that a function gives them. */
function sweepOf(
  grid: Readonly<Record<string, readonly unknown[]>>,
  accuracyOf: (values: readonly unknown[]) => number,
) {
  const runs = combinations(grid).map((settings: readonly Setting[], index): ScoredRun => {
    const accuracy = accuracyOf(settings.map(({ value }) => value));
    return {
      settings,
      run: `digits-${index}`,
      epochs: 3,
      scores: { validation: { accuracy, interval: null, loss: 0.1 } },
    };
  });
  return {
    name: "digits-sweep-0f3a9c21d0",
    title: "Digits",
    description: "Something that varies",
    keys: Object.keys(grid),
    runs,
    ranking: { split: "validation", figure: "accuracy" } as const,
  };
}

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1];
const SEEDS = [1, 2, 3];

/** Best at a rate of 0.01, and at each rate as good as `best` lets it. */
const overRates = (best: number, rate: number, seed: number) =>
  best - 0.02 * Math.abs(RATES.indexOf(rate) - 2) ** 2 + 0.004 * seed;

const FIGURES = {
  "one option": sweepOf(
    { "train.learningRate.rate": RATES, seed: SEEDS },
    ([rate, seed]) => overRates(0.97, rate as number, seed as number),
  ),
  "two options": sweepOf(
    { "train.batchSize": [32, 64], "train.learningRate.rate": RATES, seed: SEEDS },
    ([size, rate, seed]) =>
      overRates(0.9 + (size as number) / 1000, rate as number, seed as number),
  ),
  "many curves": sweepOf(
    {
      "train.optimizer.name": ["sgd", "momentum", "adam", "lion", "muon"],
      "train.learningRate.rate": RATES,
      seed: SEEDS,
    },
    ([name, rate, seed]) => overRates(0.9 + `${name}`.length / 200, rate as number, seed as number),
  ),
  "rows": sweepOf(
    {
      "train.augment": [[], [{ name: "affine", rotate: 5 }], [{ name: "affine" }, {
        name: "elastic",
      }]],
      "train.epochs": [5, 10],
      seed: SEEDS,
    },
    ([augment, epochs, seed]) =>
      0.95 + (augment as unknown[]).length / 100 + (epochs as number) / 1000 +
      (seed as number) / 500,
  ),
  "seeds": sweepOf({ seed: [1, 2, 3, 4, 5] }, ([seed]) => 0.98 - ((seed as number) % 3) / 500),
};

for (const [name, sweep] of Object.entries(FIGURES)) {
  Deno.test(`sweepFigure() of ${name} matches its snapshot`, async () => {
    const svg = sweepFigure(sweep);
    assertGoodSvg(svg);
    assertEquals(sweepFigure(sweep), svg);
    const file = `snapshots/sweep_figure_${name.replace(" ", "_")}.svg`;
    await assertSnapshot(new URL(file, import.meta.url), svg);
  });
}

Deno.test("sweepFigure() has a dot for each run and each mean, and nothing of the test split", () => {
  const sweep = FIGURES["two options"];
  const svg = sweepFigure(sweep);
  assertEquals(svg.match(/<circle/g)?.length, 2 * 5 * 3 + 2 * 5);
  const score = { accuracy: 0.5, interval: null, loss: 1 };
  const tested = sweep.runs.map((run) => ({ ...run, scores: { ...run.scores, test: score } }));
  assertEquals(sweepFigure({ ...sweep, runs: tested }), svg);
  const ranking = { split: "test", figure: "accuracy" } as const;
  assertStringIncludes(
    sweepFigure({ ...sweep, runs: tested, ranking }),
    "accuracy on the test split",
  );
});

Deno.test("sweepFigure() omits settings that were not validated, and says so if none was", () => {
  const sweep = FIGURES["one option"];
  const [first, ...others] = sweep.runs as [ScoredRun, ...ScoredRun[]];
  const svg = sweepFigure({ ...sweep, runs: [{ ...first, scores: {} }, ...others] });
  assertEquals(svg.match(/<circle/g)?.length, 5 * 3 - 1 + 5);
  const none = sweepFigure({ ...sweep, runs: sweep.runs.map((run) => ({ ...run, scores: {} })) });
  assertGoodSvg(none);
  assertStringIncludes(none, "No finite values");
});

Deno.test("sweepFigure() stays within its file for 40 settings with long names", () => {
  const values = Array.from({ length: 40 }, (_, index) => [
    { name: "affine", rotate: index, scale: 0.12, stretch: 0.1, shear: 0.12, shift: 1.4 },
    { name: "elastic", sigma: 5, strength: 1.2 },
    { name: "noise", deviation: 0.1 },
  ]);
  const svg = sweepFigure(sweepOf({ "train.augment": values }, () => 0.9));
  assertGoodSvg(svg);
  assertEquals(svg.match(/<circle/g)?.length, 80);
});

Deno.test("buildCurves() sorts the settings of each curve by rising values, even if some are missing", () => {
  const { keys, runs } = sweepOf({ a: [3, 1, 2], b: ["x", "y"] }, () => 0.9);
  const found = buildCurves(keys, settingPoints(runs.slice(1), "validation")); // the first is a 3 of x
  assertEquals(found?.values, [1, 2, 3]);
  assertEquals(found?.curves.map(({ name, x }) => [name, x]), [["y", [1, 2, 3]], ["x", [1, 2]]]);
});

Deno.test("buildCurves() chooses the option with most numbers, and is undefined if there are too few", () => {
  const keysOf = (sweep: ReturnType<typeof sweepOf>) =>
    buildCurves(sweep.keys, settingPoints(sweep.runs, "validation"))?.key;
  assertEquals(keysOf(FIGURES["two options"]), "train.learningRate.rate");
  assertEquals(keysOf(FIGURES.rows), undefined);
  const accuracy = () => 0.9;
  assertEquals(keysOf(sweepOf({ a: [1, 2] }, accuracy)), undefined);
  assertEquals(keysOf(sweepOf({ a: [0, 1e-5, 1e-2] }, accuracy)), undefined); // no axis shows these
  assertEquals(keysOf(sweepOf({ a: [0, 0.1, 0.5] }, accuracy)), "a");
  assertEquals(keysOf(sweepOf({ a: [1, 2, 3], b: [1], c: [1] }, accuracy)), undefined);
});
