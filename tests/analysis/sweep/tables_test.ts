import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  formatSweepResult,
  settingsTable,
  type Sweep,
  sweepDrawing,
  sweptRunsTable,
} from "../../../lib/analysis/sweep/tables.ts";
import { type ScoredRun, withoutTestScore } from "../../../lib/run/scored_run.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";

const SCHEDULES = [{ name: "cosine", from: 0.002, to: 0 }, { name: "constant", rate: 0.001 }];

/** Three seeds of two schedules; of one run the test split was not evaluated. */
const runs = SCHEDULES.flatMap((value, index) =>
  [1, 2, 3].map((seed): ScoredRun => {
    const accuracy = 0.95 + index / 50 + seed / 1000;
    const score = { accuracy, interval: [accuracy - 0.01, accuracy + 0.01], loss: 0.1 } as const;
    return {
      settings: [{ key: "train.learningRate", value }, { key: "seed", value: seed }],
      run: `digits-${index}0f3a9c2${seed}0`,
      epochs: 3,
      scores: { validation: score, ...(index + seed === 1 ? {} : { test: score }) },
    };
  })
);

const SWEEP: Sweep = {
  name: "digits-sweep-0f3a9c21d0",
  title: "Digits",
  description: "Two schedules",
  keys: ["train.learningRate", "seed"],
  runs,
  ranking: { split: "validation", figure: "accuracy" },
};

Deno.test("settingsTable() has a row for each setting, best first", () => {
  const { columns, rows } = settingsTable(SWEEP);
  const titles = [
    "learningRate",
    "runs",
    "validation (%)",
    "loss",
    "test (%)",
    "loss",
    "gap to best (%)",
  ];
  assertEquals(columns.map(({ title }) => title), titles);
  assertEquals(rows, [
    [
      "constant, rate 0.001",
      "3",
      "97.20 ± 0.10",
      "0.1000 ± 0.0000",
      "97.20 ± 0.10",
      "0.1000 ± 0.0000",
      "0.00 ± 0.00",
    ],
    [
      "cosine, from 0.002, to 0",
      "3",
      "95.20 ± 0.10",
      "0.1000 ± 0.0000",
      "95.25 ± 0.07",
      "0.1000 ± 0.0000",
      "2.00 ± 0.00",
    ],
  ]);
});

Deno.test("sweptRunsTable() has a row for each run and additional columns, with dashes for unknown values", () => {
  const { columns, rows } = sweptRunsTable(SWEEP, { time: ({ epochs }) => `${epochs} s` });
  assertEquals(columns.map(({ title }) => title).slice(-3), ["epochs", "time", "run"]);
  assertEquals(rows[3], [
    "cosine, from 0.002, to 0",
    "1",
    "95.10",
    "94.10–96.10",
    "0.1000",
    "–",
    "–",
    "–",
    "3",
    "3 s",
    "digits-00f3a9c210",
  ]);
});

Deno.test("formatSweepResult() formats the best setting and its scores, or the reason if there is none", () => {
  assertEquals(formatSweepResult(SWEEP), [
    "Best on the validation split: learningRate constant, rate 0.001, " +
    "validation 97.20 ± 0.10 %, test 97.20 ± 0.10 %",
  ]);
  const byTest = formatSweepResult({ ...SWEEP, ranking: { split: "test", figure: "accuracy" } });
  assertStringIncludes(
    byTest[1],
    "some runs have no validation data, so runs are ranked on the test",
  );
  const seeds = { ...SWEEP, keys: ["seed"], runs: runs.slice(0, 3).map(withoutTestScore) };
  assertEquals(
    formatSweepResult({ ...seeds, runs: seeds.runs.map((run) => ({ ...run, settings: [] })) }),
    [
      "3 runs, validation 95.20 ± 0.10 %",
    ],
  );
  const [line] = formatSweepResult({ ...SWEEP, runs: [], ranking: undefined });
  assertStringIncludes(line, "no run was evaluated on a validation split");
  assertStringIncludes(line, "--test");
});

Deno.test("sweepDrawing() notes that settings are not ranked", () => {
  const svg = sweepDrawing({ ...SWEEP, ranking: undefined });
  assertGoodSvg(svg);
  assertStringIncludes(
    svg,
    "Note: Settings are not ranked, since no run was evaluated on a validation split",
  );
  assertStringIncludes(svg, "Settings, not ranked");
});

Deno.test("sweepDrawing() matches its snapshot", async () => {
  const svg = sweepDrawing(SWEEP);
  assertGoodSvg(svg);
  await assertSnapshot(new URL("snapshots/sweep.svg", import.meta.url), svg);
});
