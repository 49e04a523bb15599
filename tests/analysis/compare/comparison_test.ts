import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compareNetworks, holm } from "../../../lib/evaluate/mod.ts";
import {
  comparePairs,
  compareRuns,
  encodeComparison,
} from "../../../lib/analysis/compare/comparison.ts";
import {
  encodeDisagreements,
  findDisagreements,
} from "../../../lib/analysis/compare/disagreements.ts";
import type { Evaluation } from "../../../lib/evaluate/evaluation.ts";
import { experimentSchema } from "../../../pipelines/experiment/stage_table.ts";
import { comparable } from "./compared.ts";

const schema = experimentSchema();

const A = comparable("digits-0000000001", { mistakeEvery: 7 });
const B = comparable("digits-0000000002", { mistakeEvery: 9 });
const C = comparable("digits-0000000003", { mistakeEvery: 50 });

Deno.test("comparePairs() tests every pair on the same samples, and adjusts by Holm's method", () => {
  const pairs = comparePairs(compareRuns([A, B, C], schema));
  assertEquals(pairs.map(({ first, second }) => [first, second]), [[0, 1], [0, 2], [1, 2]]);
  const tests = pairs.flatMap(({ test }) => test ?? []);
  const runs = [A, B, C];
  const testOf = (run: typeof A) => run.results.get("validation")?.evaluation as Evaluation;
  const expected = pairs.map(({ first, second }) =>
    compareNetworks(testOf(runs[first]), testOf(runs[second]))
  );
  assertEquals(tests.map(({ onlyFirst, pValue }) => [onlyFirst, pValue]), [
    ...expected.map(({ onlyFirst, pValue }) => [onlyFirst, pValue]),
  ]);
  assertEquals(tests.map(({ adjusted }) => adjusted), holm(expected.map(({ pValue }) => pValue)));
  // 29 and 23 of 200 samples are mistakes: every 7th, every 9th
  assertAlmostEquals(tests[0]?.difference ?? NaN, (23 - 29) / 200, 1e-12);
});

Deno.test("comparePairs() gives the reason why runs cannot be tested on the same samples", () => {
  const others = [
    comparable("digits-0000000004", { data: ["b".repeat(64)] }),
    comparable("digits-0000000005", { classes: [..."abcdefghij"] }),
    comparable("digits-0000000006", { samples: 100 }),
    comparable("digits-0000000007", {}, { evaluations: [] }),
  ];
  const reasons = comparePairs(compareRuns([A, ...others], schema)).filter(({ first }) =>
    first === 0
  )
    .map(({ unpaired }) => unpaired);
  assertEquals(reasons, [
    "different data",
    "different classes",
    "different samples",
    "no common split",
  ]);
});

Deno.test("compareRuns() compares on the validation split, and on the test split if requested", () => {
  const { evaluations } = A.record;
  const validated = comparable("digits-0000000008", {}, { evaluations: evaluations.slice(0, 1) });
  const tested = comparable("digits-0000000009", {}, { evaluations: evaluations.slice(1) });
  const splitsOf = (runs: Parameters<typeof compareRuns>[0], test = false) => {
    const { split, ranking } = compareRuns(runs, schema, { test });
    return [split, ranking?.split];
  };
  assertEquals(splitsOf([A, B]), ["validation", "validation"]);
  assertEquals(splitsOf([A, B], true), ["test", "validation"]);
  assertEquals(splitsOf([A, tested]), ["validation", "validation"]);
  assertEquals(splitsOf([A, tested], true), ["test", "test"]);
  assertEquals(splitsOf([A, B, validated], true), ["validation", "validation"]);
  assertEquals(splitsOf([tested]), [undefined, undefined]);
  const [none, other] = ["digits-000000000a", "x-000000000b"].map((run) =>
    comparable(run, {}, { evaluations: [] })
  );
  assertEquals(splitsOf([none, other], true), [undefined, undefined]);
});

Deno.test("compareRuns() ranks by loss if the configs of all runs set it as best", () => {
  const named = (best: string) =>
    [0, 1].map((index) =>
      comparable(`digits-000000001${index}`, { train: { best }, mistakeEvery: 7 + index })
    );
  const figureOf = (runs: Parameters<typeof compareRuns>[0]) =>
    compareRuns(runs, schema).ranking?.figure;
  assertEquals(figureOf(named("validation.loss")), "loss");
  assertEquals(figureOf(named("average.loss")), "loss");
  assertEquals(figureOf(named("validation.accuracy")), "accuracy");
  assertEquals(figureOf(named("train.loss")), "accuracy"); // nothing is chosen by training data
  assertEquals(figureOf([A, ...named("validation.loss")]), "accuracy");
});

Deno.test("compareRuns() lists other differences of runs of one config: data, backend, origin, format", () => {
  const other = { ...B, data: ["b".repeat(64)], backend: "blas", format: 3 };
  const origin = { run: "digits-0000000001", kind: "weights", sha256: "c".repeat(64) } as const;
  const { differences } = compareRuns([
    A,
    { ...other, record: { ...B.record, origin } },
  ], schema);
  assertEquals(differences.map(({ key }) => key), ["data", "started from", "backend", "format"]);
  assertEquals(differences[1]?.values, [undefined, "weights of digits-0000000001"]);
});

Deno.test("compareRuns() rejects a run that occurs twice, under any name", () => {
  assertThrows(
    () => compareRuns([A, B, A], schema),
    RangeError,
    'Cannot compare runs: expected each run once: received "digits-0000000001" twice',
  );
  const renamed = comparable("numerals-0000000001", { mistakeEvery: 7 });
  assertThrows(
    () => compareRuns([A, renamed], schema),
    RangeError,
    'received "digits-0000000001" and "numerals-0000000001", one run',
  );
});

Deno.test("compareRuns() derives its name from the runs and their order", () => {
  const names = [[A, B], [B, A], [A, B, C]].map((runs) => compareRuns(runs, schema).name);
  names.push(compareRuns([A, B], schema, { test: true }).name);
  assertEquals(new Set(names).size, 4);
  for (const name of names) assertEquals(/^compare-[0-9a-f]{10}$/.test(name), true, name);
});

Deno.test("findDisagreements() finds samples that some runs classify correctly and others do not, by falling contrast", () => {
  const found = findDisagreements([A, B], "test");
  const rows = found?.samples.map(({ row }) => row).sort((a, b) => a - b);
  const expected = Array.from({ length: 200 }, (_, i) => i)
    .filter((i) => (i % 7 === 0) !== (i % 9 === 0)).map((i) => 1000 + 3 * i);
  assertEquals(rows, expected);
  const contrasts = found?.samples.map(({ contrast }) => contrast) ?? [];
  assertEquals(contrasts, contrasts.toSorted((a, b) => b - a));
  const lines = encodeDisagreements(found as NonNullable<typeof found>, [A, B]).trimEnd().split(
    "\n",
  );
  assertEquals(lines.length, expected.length);
  const [first] = found?.samples ?? [];
  assertEquals(JSON.parse(lines[0] ?? ""), {
    split: "test",
    row: first?.row,
    class: String(first?.label),
    predictions: [A, B].map(({ record }, index) => ({
      run: record.run,
      class: String(first?.predictions[index]?.predicted),
      probability: first?.predictions[index]?.probability,
    })),
  });
});

Deno.test("findDisagreements() ignores runs that were evaluated on other samples", () => {
  const other = comparable("digits-0000000004", { data: ["b".repeat(64)] });
  assertEquals(findDisagreements([A, other], "test"), undefined);
  assertEquals(findDisagreements([A, other, B], "test")?.runs, [0, 2]);
});

Deno.test("encodeComparison() encodes runs, differences and pairs, with null for missing values", () => {
  const none = comparable("digits-0000000004", { seed: 7 }, { evaluations: [] });
  const runs = [A, B, none];
  const comparison = compareRuns(runs, schema, { test: true });
  const text = encodeComparison(comparison, comparePairs(comparison));
  const { split, ranking, runs: written, differences, pairs } = JSON.parse(text);
  assertEquals([split, ranking], ["test", { split: "test", figure: "accuracy" }]);
  assertEquals(
    written.map(({ run }: { run: string }) => run),
    runs.map(({ record }) => record.run),
  );
  assertEquals([written[0].test.accuracy, written[0].test.recall.length], [171 / 200, 10]);
  assertEquals(written[2].test, undefined);
  assertEquals(differences, [{ key: "seed", values: [42, 42, 7] }]);
  assertEquals(pairs[1], {
    first: "digits-0000000001",
    second: "digits-0000000004",
    unpaired: "no common split",
  });
  const validated = compareRuns(runs, schema);
  const { runs: [first] } = JSON.parse(encodeComparison(validated, comparePairs(validated)));
  assertEquals([first.validation.accuracy, first.test], [171 / 200, undefined]);
});
