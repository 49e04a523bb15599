import { assertEquals, assertStringIncludes } from "@std/assert";
import { comparisonDrawings } from "../../../lib/analysis/compare/drawings.ts";
import { formatResult } from "../../../lib/analysis/compare/header.ts";
import { sortableColumns } from "../../../lib/analysis/compare/order.ts";
import { sortedIndices } from "../../../lib/report/runs/ordering.ts";
import { recallPanel } from "../../../lib/analysis/compare/recall.ts";
import { parametersPanel } from "../../../lib/analysis/compare/cost.ts";
import { comparisonEnvironment } from "../../../lib/analysis/compare/environment.ts";
import { differencesTable, pairsTable } from "../../../lib/analysis/compare/tables.ts";
import {
  type ComparedRun,
  type CompareOptions,
  comparePairs,
  compareRuns,
} from "../../../lib/analysis/compare/comparison.ts";
import { findDisagreements } from "../../../lib/analysis/compare/disagreements.ts";
import { emptySteps } from "../../../lib/run/steps.ts";
import { experimentSchema } from "../../../pipelines/experiment/stage_table.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";
import { comparable } from "./compared.ts";

const schema = experimentSchema();

/** Options of a comparison on the test split. */
const TEST = { test: true };

/** Draws a comparison of runs and checks every file. */
function drawn(runs: readonly ComparedRun[], options: CompareOptions = {}) {
  const comparison = compareRuns(runs, schema, options);
  const { split } = comparison;
  const drawings = comparisonDrawings(comparison, {
    pairs: comparePairs(comparison),
    disagreements: split === undefined ? undefined : findDisagreements(runs, split),
  });
  for (const svg of [drawings.report, ...drawings.charts.map(({ svg }) => svg)]) {
    assertGoodSvg(svg);
  }
  return { ...drawings, comparison, names: drawings.charts.map(({ name }) => name) };
}

const snapshot = (name: string) => new URL(`snapshots/compare_${name}.svg`, import.meta.url);

const PLAIN = comparable("digits-0000000001", { mistakeEvery: 7 });

/** Two runs that differ in an option, in the optimizer, and in how good they are. */
const TWO = [
  PLAIN,
  comparable("digits-0000000002", {
    mistakeEvery: 40,
    epochs: 3,
    train: { epochs: 3, optimizer: { name: "momentum", decay: 0.8 } },
  }),
];

/** A run, and others that each lack something or have something else. */
const MIXED = [
  PLAIN,
  comparable("digits-0000000002", { mistakeEvery: 11, epochs: 1, train: { epochs: 1 } }),
  comparable("ensemble-0000000003", { mistakeEvery: 30 }, {
    epochs: [],
    steps: emptySteps(),
    parameters: 3 * 101_770,
    evaluations: comparable("x", { mistakeEvery: 30 }).record.evaluations.slice(1),
  }),
  comparable("letters-0000000004", {
    mistakeEvery: 9,
    classes: [..."ABCDEFGHIJ"],
    data: ["b".repeat(64)],
  }),
  comparable("digits-0000000005", { mistakeEvery: 5, validation: false }, {
    evaluations: PLAIN.record.evaluations.slice(0, 1),
  }),
];

/** More runs than have letters: three seeds of four widths at two rates. */
const MANY = [8, 16, 32, 64].flatMap((units, width) =>
  [0.002, 0.02].flatMap((from, rate) =>
    [1, 2, 3].map((seed, repeat) => {
      const number = 6 * width + 3 * rate + repeat;
      const layers = [{ name: "dense", units }, { name: "relu" }, { name: "dense", units: 10 }];
      return comparable(`digits-${String(number).padStart(10, "0")}`, {
        mistakeEvery: 5 + 4 * width + 2 * rate + repeat,
        seed,
        train: { layers, learningRate: { name: "cosine", from, to: 0 } },
      }, { parameters: 65 * units + 11 * 10 });
    })
  )
);

Deno.test("comparisonDrawings() of two runs matches its snapshot", async () => {
  const { report, names } = drawn(TWO);
  assertEquals(names, [
    "runs",
    "differences",
    "loss",
    "accuracy",
    "parameters",
    "pairs",
    "recall",
    "disagreements-1",
    "disagreements-2",
  ]);
  await assertSnapshot(snapshot("two"), report);
});

Deno.test("comparisonDrawings() notes runs that cannot be tested pairwise, and matches its snapshot", async () => {
  const { report, charts, comparison } = drawn(MIXED, TEST);
  assertEquals([comparison.split, comparison.ranking?.split], ["test", "test"]);
  const notes = report.match(/Note: [^<]*/g);
  assertEquals(notes?.map((note) => note.split(":")[1]), [
    " no paired test, on different data",
    " no paired test, evaluated on different splits",
    " not evaluated on the test split",
    " some runs have no validation data, so runs are ranked on the test split",
  ]);
  const described = (chart: string) =>
    charts.find(({ name }) => name === chart)?.svg.match(/Not shown: [A-E, ]+\./)?.[0];
  assertEquals(described("loss"), "Not shown: C, E."); // an ensemble, and no validation split
  assertEquals(described("parameters"), "Not shown: E.");
  assertEquals(described("recall"), "Not shown: D, E."); // other classes, and no test split
  await assertSnapshot(snapshot("mixed"), report);
});

Deno.test("comparisonDrawings() shows the test split only if requested", async () => {
  const { report, charts, comparison } = drawn(MIXED);
  assertEquals([comparison.split, comparison.ranking?.split], ["validation", "validation"]);
  for (const svg of [report, ...charts.map(({ svg }) => svg)]) {
    const shown = svg.replaceAll("compares the runs on the test split", "");
    assertEquals(shown.match(/test (part|sample|accuracy|\(%\))/g), null);
  }
  const notes = report.match(/Note: [^<]*/g) ?? [];
  assertEquals(notes.slice(-2), [
    "Note: not evaluated on the validation split: C",
    "Note: the option --test compares the runs on the test split",
  ]);
  await assertSnapshot(snapshot("mixed_validation"), report);
});

Deno.test("comparisonDrawings() of runs without validation data compares nothing and states the reason", () => {
  const runs = [1, 2].map((n) => {
    const run = comparable(`whole-000000000${n}`, { mistakeEvery: 3 + n, validation: false });
    return { ...run, results: new Map([...run.results].filter(([split]) => split === "test")) };
  });
  const { report, comparison } = drawn(runs);
  assertEquals([comparison.split, comparison.ranking], [undefined, undefined]);
  assertStringIncludes(report, "No run was evaluated on the validation split");
  assertStringIncludes(report, "Note: the option --test compares the runs on the test split");
  assertEquals(drawn(runs, TEST).comparison.ranking, { split: "test", figure: "accuracy" });
});

Deno.test("comparisonDrawings() of more than eight runs matches its snapshot", async () => {
  const { report, names } = drawn(MANY);
  assertEquals(names, ["parallel", "runs", "parameters"]);
  await assertSnapshot(snapshot("many"), report);
});

Deno.test("comparisonDrawings() counts the pairs without a test if runs have no letters", () => {
  const others = [{}, {}, { samples: 100 }].map((options, n) =>
    comparable(`other-100000000${n}`, { ...options, data: ["b".repeat(64)] })
  );
  const { report } = drawn([...MANY.slice(0, 6), ...others]);
  const notes = report.match(/Note: [^<]*/g);
  // each of 6 with each of 3, and two of these with the third
  assertEquals(notes?.slice(0, 2).map((note) => note.split(": ").at(-1)), [
    "18 of 36 pairs",
    "2 of 36 pairs",
  ]);
});

/** A run whose losses were no numbers from the first epoch on. */
function withoutNumbers({ record, ...rest }: ComparedRun): ComparedRun {
  const epochs = record.epochs.map((epoch) => {
    const { validation } = epoch;
    return validation === undefined
      ? epoch
      : { ...epoch, validation: { ...validation, loss: NaN } };
  });
  return { ...rest, record: { ...record, epochs } };
}

Deno.test("comparisonDrawings() draws runs of every kind", () => {
  const classes = Array.from({ length: 47 }, (_, index) => `class ${index}`);
  const kinds: readonly (readonly ComparedRun[])[] = [
    [1, 2].map((n) => comparable(`perfect-000000000${n}`, { seed: n })),
    [1, 2].map((n) => comparable(`none-000000000${n}`, { seed: n }, { evaluations: [] })),
    [1, 2].map((n) =>
      comparable(`many-000000000${n}`, { classes, mistakeEvery: 3 + n, samples: 500 })
    ),
    [1, 2].map((n) => comparable(`missing-000000000${n}`, { missing: 2, mistakeEvery: 3 + n })),
    [1, 2].map((n) => comparable(`rows-000000000${n}`, { shape: [4], mistakeEvery: 3 + n })),
    [1, 2].map((n) => comparable(`other-000000000${n}`, { data: [`${n}`.repeat(64)] })),
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => comparable(`eight-000000000${n}`, { mistakeEvery: 3 + n })),
    [1, 2].map((n) => withoutNumbers(comparable(`diverged-000000000${n}`, { seed: n }))),
    Array.from({ length: 40 }, (_, n) => comparable(`seeds-${1e9 + n}`, { seed: n, epochs: 200 })),
  ];
  const names = kinds.map((runs) => drawn(runs).names);
  assertEquals(names[1], ["runs", "differences", "loss", "accuracy", "pairs"]);
  assertEquals(names[5]?.includes("disagreements-1"), false);
});

Deno.test("comparisonDrawings() omits loss curves of different loss functions", () => {
  const squared = comparable("digits-0000000002", { train: { loss: { name: "squaredError" } } });
  const { names } = drawn([PLAIN, squared]);
  assertEquals([names.includes("loss"), names.includes("accuracy")], [false, true]);
});

Deno.test("differencesTable() has a row for each differing option, and a dash for each missing value", () => {
  const { columns, rows } = differencesTable(compareRuns(TWO, schema));
  assertEquals(columns.map(({ title }) => title), ["option", "A", "B"]);
  assertEquals(rows, [
    ["train.optimizer", "adam", "momentum, decay 0.8"],
    ["train.epochs", "5", "3"],
  ]);
});

Deno.test("pairsTable() has the test of each pair, and the reason if there is none", () => {
  const other = comparable("digits-0000000003", { data: ["b".repeat(64)] });
  const { columns, rows } = pairsTable(comparePairs(compareRuns([...TWO, other], schema)));
  assertEquals(columns.map(({ title }) => title), [
    "runs",
    "split",
    "difference (%)",
    "only first correct",
    "only second correct",
    "p",
  ]);
  // 29 and 5 of 200 samples are mistakes, the first of all by both
  assertEquals(rows, [
    ["A and B", "validation", "−12.00", "4", "28", "4.8e−5"],
    ["A and C, B and C", "different data", "–", "–", "–", "–"],
  ]);
});

Deno.test("sortedIndices() sorts runs by any column, best or lowest first, missing values last", () => {
  const columns = sortableColumns(compareRuns(MIXED, schema, TEST), [5, 4, undefined, 2, 1]);
  const ordered = (name: string, reverse = false) => {
    const column = columns.find(({ names }) => names.includes(name));
    return column === undefined ? undefined : sortedIndices(column, reverse);
  };
  assertEquals(ordered("accuracy"), [2, 1, 3, 0, 4]); // every 30th, 11th, 9th, 7th is a mistake
  assertEquals(ordered("validation"), [1, 3, 0, 4, 2]);
  assertEquals(ordered("time"), [4, 3, 1, 0, 2]);
  assertEquals(ordered("parameters"), [0, 1, 3, 4, 2]);
  assertEquals(ordered("run"), [0, 1, 4, 2, 3]);
  assertEquals(ordered("train.epochs"), [1, 0, 2, 3, 4]);
  assertEquals(ordered("epochs"), [2, 1, 0, 3, 4]); // those that were trained: an ensemble none
  assertEquals(ordered("width"), undefined);
  const hidden = sortableColumns(compareRuns(MIXED, schema), []);
  assertEquals(hidden.flatMap(({ names }) => names).filter((name) => /test/.test(name)), []);
  assertEquals(ordered("accuracy", true), [0, 3, 1, 2, 4]); // the last has no such split
  assertEquals(ordered("validation", true), [0, 4, 3, 1, 2]); // two are equal
  assertEquals(ordered("time", true), [0, 1, 3, 4, 2]);
  assertEquals(ordered("epochs", true), [0, 3, 4, 1, 2]);
});

Deno.test("comparisonEnvironment() draws accuracy against time, and a dash for an unknown time", () => {
  const machine = { system: "linux", architecture: "x86_64", processors: 2, workers: 2 };
  const finished = "2026-01-02T03:04:05.678Z";
  const svg = comparisonEnvironment(compareRuns(TWO, schema), [
    { milliseconds: 4200, machine, finished },
    { milliseconds: undefined, machine, finished },
  ]);
  assertGoodSvg(svg);
  for (
    const text of [
      ">time (s)<",
      "85.50\u00a0% (79.95–89.71\u00a0%), 4.2 s<",
      ">A digits-0000000001<",
    ]
  ) {
    assertStringIncludes(svg, text);
  }
});

Deno.test("formatResult() names the better of two runs or the best of more, on the same data only", () => {
  const lineOf = (...runs: readonly ComparedRun[]) => {
    const comparison = compareRuns(runs, schema);
    return formatResult(comparison, comparePairs(comparison));
  };
  const [seventh, fortieth] = TWO as [ComparedRun, ComparedRun];
  assertEquals(
    lineOf(seventh, fortieth),
    "Accuracy on the validation split: B 97.50\u00a0%, A 85.50\u00a0%; B is better (McNemar's test, p 4.8e−5)",
  );
  const sixth = comparable("digits-0000000003", { mistakeEvery: 6 });
  assertStringIncludes(
    lineOf(seventh, sixth),
    "; no significant difference (McNemar's test, p 0.",
  );
  assertStringIncludes(
    lineOf(seventh, fortieth, sixth),
    "Best on the validation split: B, accuracy 97.50\u00a0% (95\u00a0% interval ",
  );
  const tested = compareRuns([seventh, fortieth, sixth], schema, TEST);
  assertStringIncludes(
    formatResult(tested, comparePairs(tested)),
    "Best on the validation split: B, accuracy 97.50\u00a0%, test accuracy 97.50\u00a0% (95",
  );
  const other = comparable("digits-0000000004", { data: ["b".repeat(64)] });
  const severalData =
    "The runs use different data sets: their validation accuracies are not comparable";
  assertEquals(lineOf(seventh, other), severalData);
  assertEquals(lineOf(seventh, fortieth, other), severalData);
});

Deno.test("recallPanel() compares runs on the first run's data, in percentage points", () => {
  const other = comparable("digits-0000000003", { mistakeEvery: 5, data: ["b".repeat(64)] });
  const panel = recallPanel(compareRuns([...TWO, other], schema));
  // of 20 samples of a class the first run gets 3 wrong at most, where the second gets none wrong
  assertStringIncludes(
    panel?.caption ?? "",
    "Blue: higher than A; orange: lower; at most by 15.0. Not shown: C.",
  );
  assertEquals(recallPanel(compareRuns([PLAIN, other], schema)), undefined);
});

Deno.test("parametersPanel() is undefined for many runs with equally many parameters", () => {
  const runs = (count: number) =>
    Array.from({ length: count }, (_, n) => comparable(`seeds-${1e9 + n}`, { seed: n }));
  assertEquals(parametersPanel(compareRuns(runs(9), schema)), undefined);
  assertEquals(parametersPanel(compareRuns(runs(8), schema))?.title, "Accuracy by parameters");
  assertEquals(parametersPanel(compareRuns(MANY, schema))?.title, "Accuracy by parameters");
});
