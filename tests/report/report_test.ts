import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calibrate, type Evaluation, suspiciousLabels } from "../../lib/evaluate/mod.ts";
import { formatNumber, formatPercent } from "../../lib/plot/mod.ts";
import { charts, drawings, panels, report, type RunRecord } from "../../lib/report/mod.ts";
import { assertGoodSvg } from "../plot/checks.ts";
import { assertSnapshot } from "../plot/snapshot.ts";
import { readSvg, walk } from "../plot/tree.ts";
import { makeRecord } from "./record.ts";

/** The texts of a file, in its order. */
function textsOf(svg: string): readonly string[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "text").map(({ text }) => text);
}

function countOf(svg: string, element: string): number {
  return [...walk(readSvg(svg))].filter(({ name }) => name === element).length;
}

const balanced = Array.from({ length: 47 }, (_, index) => `letter ${index}`);

/** Runs of every kind that a report must be able to show. */
const runs: Readonly<Record<string, RunRecord>> = {
  "a small run": makeRecord({ mistakeEvery: 7 }),
  "one epoch": makeRecord({ epochs: 1, mistakeEvery: 9 }),
  "one step": makeRecord({ epochs: 1, stepsPerEpoch: 1, samples: 1 }),
  "200 epochs of 430 steps": makeRecord({ epochs: 200, stepsPerEpoch: 430, mistakeEvery: 11 }),
  "no validation part": makeRecord({ validation: false, mistakeEvery: 7 }),
  "no mistakes": makeRecord(),
  "nothing but mistakes": makeRecord({ mistakeEvery: 1 }),
  "2 classes": makeRecord({ classes: ["no", "yes"], mistakeEvery: 5 }),
  "47 classes": makeRecord({ classes: balanced, samples: 2000, mistakeEvery: 3 }),
  "a missing class": makeRecord({ missing: 1, mistakeEvery: 7 }),
  "samples that are no images": makeRecord({ shape: [10], mistakeEvery: 7 }),
  "colour images": makeRecord({ shape: [4, 6, 3], mistakeEvery: 7 }),
  "deformed images": makeRecord({ copies: 7, mistakeEvery: 7 }),
  "large images": makeRecord({ shape: [512, 512], samples: 12, mistakeEvery: 3 }),
  "long and strange class names": makeRecord({
    classes: ["<b>&\"'\u0000", "a".repeat(300), "NaN", "数字".repeat(40), "", "undefined"],
    mistakeEvery: 4,
  }),
  "an unknown config": { ...makeRecord({ mistakeEvery: 7 }), config: [1, null, { pipeline: 3 }] },
  "nothing evaluated": { ...makeRecord(), evaluations: [], galleries: [] },
  "no epoch finished": { ...makeRecord(), epochs: [] },
};

for (const [name, record] of Object.entries(runs)) {
  Deno.test(`report() of ${name} is well formed, small and the same twice`, () => {
    const svg = report(record);
    assertGoodSvg(svg);
    assert(svg.length < 1_000_000, `${svg.length} characters`);
    assertEquals(report(record), svg);
    for (const chart of charts(record)) assertGoodSvg(chart.svg);
  });
}

Deno.test("report() is drawn as kept", async () => {
  const record = { ...makeRecord({ mistakeEvery: 25 }), note: "The digits are made up" };
  await assertSnapshot(new URL("snapshots/report.svg", import.meta.url), report(record));
});

Deno.test("report() shows samples beside their deformed copies, where training deformed them", () => {
  const chart = (record: RunRecord) => charts(record).find(({ name }) => name === "deformed");
  assertEquals(chart(makeRecord()), undefined);
  const svg = chart(makeRecord({ copies: 2 }))?.svg ?? "";
  const names = [...walk(readSvg(svg))].filter(({ name }) => name === "image")
    .map(({ attributes }) => attributes["aria-label"]);
  const copies = (row: number) => [`row ${row} at step 1`, `row ${row} at step 2`];
  assertEquals(names, [
    ...["row 4 as it is", "row 9 as it is", ...copies(4), ...copies(9)],
    ...["row 16 as it is", ...copies(16)],
  ]);
});

Deno.test("report() says the result in one line with its interval", () => {
  const texts = textsOf(report(makeRecord({ mistakeEvery: 10 }))); // 20 mistakes in 200 samples
  const line = "90.00\u00a0% of 200 test samples right (95\u00a0% interval 85.06–93.43\u00a0%)";
  assert(texts.includes(line), texts.slice(0, 6).join("\n"));
  assert(texts.includes("20 mistakes · mean loss 0.125 · 101,770 parameters · 5 epochs"));
});

Deno.test("report() says how far the network's confidence can be trusted", () => {
  const record = makeRecord({ mistakeEvery: 10 });
  const svg = report(record);
  const fitted = calibrate(record.evaluations, 10);
  const { before, after } = fitted?.test ?? {};
  const texts = textsOf(svg);
  const start = texts.indexOf("calibration error");
  assertEquals(texts.slice(start - 1, start + 3), [
    `at temperature ${formatNumber(fitted?.temperature ?? NaN, 3)}`,
    "calibration error",
    formatPercent(before?.calibrationError ?? NaN),
    formatPercent(after?.calibrationError ?? NaN),
  ]);
  const top = texts.indexOf("the most probable");
  const interval = "85.06–93.43\u00a0%";
  assertEquals(texts.slice(top, top + 3), ["the most probable", "90.00\u00a0%", interval]);
  // sample i has the confidence 0.775 − (i % 64) / 256, above 0.7333 for i % 64 up to 10: 41 samples,
  // of which 0, 10, 70 and 130 are wrong
  assertStringIncludes(svg, "confidence 73\u00a0% to 80\u00a0%: 37 of 41 right");
});

Deno.test("report() names no temperature without a validation part", () => {
  const texts = textsOf(report(makeRecord({ validation: false, mistakeEvery: 10 })));
  assert(texts.includes("calibration error"));
  assertEquals(texts.filter((text) => text.includes("temperature")), []);
});

Deno.test("report() gives an interval to the scores of each class and to validation", () => {
  // mistakes are the samples 0, 10, 20, …, all 20 of class 0; of class 5 all 20 are right
  const record = makeRecord({ mistakeEvery: 10 });
  const texts = textsOf(report(record));
  assert(texts.includes("0.0–16.1"), texts.join("\n"));
  assert(texts.includes("83.9–100.0"));
  const bandsOf = (svg: string) => svg.split('fill-opacity="0.18"').length - 1;
  assertEquals(bandsOf(report(record)), 1);
  assertEquals(bandsOf(report({ ...record, evaluations: record.evaluations.slice(1) })), 0);
});

Deno.test("drawings() are the report and its charts", () => {
  const record = makeRecord({ mistakeEvery: 7 });
  assertEquals(drawings(record), { report: report(record), charts: charts(record) });
});

Deno.test("report() says what ran", () => {
  const texts = textsOf(report(makeRecord()));
  const expected = ["digits", "mnist-10k", "101,770", "softmaxCrossEntropy", "64", "42"];
  assertEquals(expected.filter((text) => !texts.includes(text)), []);
  const layers = "8\u00a0×\u00a08 → dense\u00a0128 → relu → dense\u00a010";
  assert(texts.includes(layers), texts.join("\n"));
});

Deno.test("report() says over how many deformed copies an evaluation is the mean", () => {
  const texts = (deformations: number) => {
    const record = makeRecord();
    const { pipeline, ...rest } = record.config as { readonly pipeline: readonly object[] };
    const evaluate = { stage: "evaluate", on: ["test"], deformations };
    const config = { ...rest, pipeline: [...pipeline.slice(0, -2), evaluate, { stage: "report" }] };
    return textsOf(report({ ...record, config })).join(" ");
  };
  assertStringIncludes(texts(4), "mean over each sample and 4 deformed copies");
  assertEquals(texts(0).includes("deformed copies"), false);
});

Deno.test("report() shows what a reader must know of the data", () => {
  const note = "Held out of the training images";
  assert(textsOf(report({ ...makeRecord(), note })).includes(`Note: ${note}`));
});

Deno.test("report() speaks of the test part, or else of validation", () => {
  const record = makeRecord({ mistakeEvery: 10 });
  const [validation] = record.evaluations;
  assertStringIncludes(textsOf(report(record)).join("\n"), "of 200 test samples right");
  assert(validation !== undefined);
  const texts = textsOf(report({ ...record, evaluations: [validation] })).join("\n");
  assertStringIncludes(texts, "of 200 validation samples right");
});

Deno.test("report() labels both axes of the confusion matrix and writes its counts", () => {
  const svg = report(makeRecord({ classes: ["no", "yes"], samples: 100, mistakeEvery: 4 }));
  const texts = textsOf(svg);
  assert(texts.includes("true class") && texts.includes("predicted class"));
  // mistakes are samples 0, 4, 8, …, all of class 0; predicted (0 + 1 + i % 3) % 2, i % 3 even: 1
  assertStringIncludes(svg, "true no, predicted yes: 17 of 50 (34.00\u00a0%)");
  assertStringIncludes(svg, "true yes, predicted yes: 50 of 50 (100.00\u00a0%)");
});

Deno.test("report() shows at most 24 mistakes, as pictures with row, classes and probability", () => {
  const svg = report(makeRecord({ mistakeEvery: 4 }));
  assertEquals(countOf(svg, "image"), 24);
  // samples 0, 64 and 128 are the most confident, 0.75 + 0.25 / 10, and 0 has the lowest row
  const texts = textsOf(svg);
  const first = texts.indexOf("true", texts.indexOf("Mistakes"));
  assertEquals(texts.slice(first, first + 8), [
    "true",
    "0",
    "predicted",
    "1",
    "probability",
    "77.50\u00a0%",
    "row",
    "1000",
  ]);
});

Deno.test("report() of a committee shows the labels that its members disagree with", () => {
  const titles = (record: RunRecord) => charts(record).map(({ name }) => name);
  const alone = makeRecord({ mistakeEvery: 10 });
  const committee = {
    ...alone,
    members: [{ settings: [], run: alone.run, epochs: 5, scores: {} }],
  };
  assertEquals(titles(alone).includes("suspicious"), false);
  const chart = charts(committee).find(({ name }) => name === "suspicious");
  const texts = textsOf(chart?.svg ?? "");
  const all = suspiciousLabels(committee.evaluations[1] as Evaluation, 10);
  const [first] = all;
  assert(texts.includes("Suspicious labels"), texts.join("\n"));
  assertStringIncludes(texts.join(" "), `The first 12 of ${all.length} samples of the test part`);
  for (const text of [String(first?.row), formatPercent(first?.confidence ?? NaN)]) {
    assert(texts.includes(text), text);
  }
});

Deno.test("report() lists mistakes in a table if samples are no images or too large", () => {
  for (const shape of [[10], [600, 600]]) {
    const svg = report(makeRecord({ shape, samples: 8, mistakeEvery: 4 }));
    assertEquals(countOf(svg, "image"), 0);
    assert(textsOf(svg).includes("1000"));
  }
});

Deno.test("report() leaves out panels that the run has no data for", () => {
  const bare = { ...makeRecord(), epochs: [], evaluations: [], galleries: [] };
  assertEquals(charts(bare).map(({ name }) => name), ["settings"]);
  const texts = textsOf(report(makeRecord({ validation: false })));
  assert(!texts.includes("validation"));
});

Deno.test("report() draws gaps for losses that are no numbers", () => {
  const record = makeRecord();
  const broken = record.epochs.map((epoch, index) =>
    index === 2 ? { ...epoch, train: { loss: NaN, accuracy: NaN } } : epoch
  );
  const loss = Float32Array.from(record.steps.loss, (value, step) => step > 90 ? NaN : value);
  assertGoodSvg(report({ ...record, epochs: broken, steps: { ...record.steps, loss } }));
});

Deno.test("charts() are the panels in their order, each a file with a title", () => {
  const reduction = { name: "pca", kept: 1, variances: Float64Array.of(2, 1) };
  const record = makeRecord({ mistakeEvery: 7, copies: 3 });
  const members = [{ settings: [], run: record.run, epochs: 5, scores: {} }];
  const files = charts({ ...record, reduction, members });
  assertEquals(files.map(({ name }) => name), Object.keys(panels));
  const loss = files.find(({ name }) => name === "loss");
  const [title] = readSvg(loss?.svg ?? "").children;
  assertEquals([title?.name, title?.text], ["title", "Loss of digits-0f3a9c21"]);
});

Deno.test("report() leaves its input unchanged", () => {
  const record = makeRecord({ mistakeEvery: 7 });
  const before = structuredClone(record);
  report(record);
  assertEquals(record, before);
});

Deno.test("report() of a 20-epoch run on 10,000 samples is made in under half a second", () => {
  const record = makeRecord({
    epochs: 20,
    stepsPerEpoch: 860,
    samples: 10_000,
    mistakeEvery: 50,
    shape: [28, 28],
  });
  const start = performance.now();
  const svg = report(record);
  assert(performance.now() - start < 500);
  assert(svg.length < 200_000, `${svg.length} characters`);
});
