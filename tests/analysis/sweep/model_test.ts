import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  encodeSweptRuns,
  encodeSweptSettings,
  groupBySetting,
  pairedDifference,
  sortSettings,
  type SweptSetting,
} from "../../../lib/analysis/sweep/model.ts";
import type { ScoredRun } from "../../../lib/run/scored_run.ts";

const RANKING = { split: "validation", figure: "accuracy" } as const;

/** A run of a rate and a seed with an accuracy of its validation split. */
function run(rate: number, seed: number, accuracy: number | undefined): ScoredRun {
  return {
    settings: [{ key: "rate", value: rate }, { key: "seed", value: seed }],
    run: `r-${rate}-${seed}`,
    epochs: 3,
    scores: accuracy === undefined ? {} : {
      validation: { accuracy, interval: [accuracy - 0.125, accuracy + 0.125], loss: 1 - accuracy },
    },
  };
}

Deno.test("groupBySetting() groups runs that differ only in their seed", () => {
  const settings = groupBySetting([
    run(1, 1, 0.5),
    run(2, 1, 0.25),
    run(1, 2, 0.75),
    run(2, 2, 0.5),
  ]);
  assertEquals(settings.map(({ settings, runs }) => [settings, runs.map(({ run }) => run)]), [
    [[{ key: "rate", value: 1 }], ["r-1-1", "r-1-2"]],
    [[{ key: "rate", value: 2 }], ["r-2-1", "r-2-2"]],
  ]);
});

Deno.test("sortSettings() sorts by validation accuracy, equals in their order, settings without it last", () => {
  const runs = [run(1, 1, undefined), run(2, 1, 0.5), run(3, 1, 0.75), run(4, 1, 0.5)];
  const rates = sortSettings(groupBySetting(runs), RANKING).map(({ settings }) =>
    settings[0]?.value
  );
  assertEquals(rates, [3, 2, 4, 1]);
});

Deno.test("sortSettings() sorts by the lowest loss if the ranking says so, and keeps the order without a ranking", () => {
  const runs = [run(1, 1, undefined), run(2, 1, 0.5), run(3, 1, 0.75)];
  const [worse, better] = runs.slice(1).map((run, index) => ({
    ...run,
    scores: { validation: { accuracy: 0.5, interval: null, loss: index === 0 ? 0.2 : 0.3 } },
  }));
  const settings = groupBySetting([runs[0], better, worse]);
  const byLoss = { split: "validation", figure: "loss" } as const;
  const rates = (ranking: Parameters<typeof sortSettings>[1]) =>
    sortSettings(settings, ranking).map(({ settings }) => settings[0]?.value);
  assertEquals([rates(byLoss), rates(undefined)], [[2, 3, 1], [1, 3, 2]]);
  const [, third, second] = settings;
  const difference = pairedDifference(third, second, byLoss);
  assertAlmostEquals(difference?.mean ?? NaN, 0.1, 1e-15);
});

Deno.test("encodeSweptRuns() and encodeSweptSettings() write a line for each run and setting", () => {
  const runs = [run(1, 1, 0.5), run(1, 2, 0.75)];
  assertEquals(
    encodeSweptRuns(runs.slice(0, 1)),
    '{"settings":{"rate":1,"seed":1},"run":"r-1-1","epochs":3,' +
      '"validation":{"accuracy":0.5,"interval":[0.375,0.625],"loss":0.5}}\n',
  );
  const deviation = Math.sqrt(0.03125); // of 0.5 and 0.75: 2 × 0.125², divided by 1
  assertEquals(
    encodeSweptSettings(groupBySetting(runs), RANKING),
    '{"settings":{"rate":1},"runs":["r-1-1","r-1-2"],"validation":' +
      `{"accuracy":{"mean":0.625,"deviation":${deviation}},` +
      `"loss":{"mean":0.375,"deviation":${deviation}}}}\n`,
  );
});

Deno.test("pairedDifference() is the mean and deviation of differences between runs with equal seeds", () => {
  const [best, other] = groupBySetting([
    run(1, 1, 0.75),
    run(1, 2, 0.5),
    run(1, 3, 0.625),
    run(2, 1, 0.5),
    run(2, 2, 0.375),
    run(2, 4, 0.125),
  ]) as [SweptSetting, SweptSetting];
  // seeds 1 and 2: 0.25 and 0.125; the deviation of two is their distance / √2
  assertEquals(pairedDifference(other, best, RANKING), {
    mean: 0.1875,
    deviation: Math.sqrt(0.125 * 0.125 / 2),
  });
  assertEquals(pairedDifference(best, best, RANKING), { mean: 0, deviation: 0 });
  const [unknown] = groupBySetting([run(3, 9, 0.5)]) as [SweptSetting];
  assertEquals(pairedDifference(unknown, best, RANKING), undefined);
});

Deno.test("encodeSweptSettings() writes the best setting first, and the paired differences of the others from it", () => {
  const runs = [run(1, 1, 0.5), run(2, 1, 0.75)];
  const lines = encodeSweptSettings(groupBySetting(runs), RANKING).split("\n");
  const [first, second] = lines.slice(0, 2).map((line) => JSON.parse(line));
  assertEquals([first.settings, first.pairedDifference], [{ rate: 2 }, undefined]);
  assertEquals([second.settings, second.pairedDifference], [{ rate: 1 }, { mean: 0.25 }]);
});
