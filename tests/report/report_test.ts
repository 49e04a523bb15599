import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calibrate, suspiciousLabels } from "../../lib/evaluate/mod.ts";
import { formatCount, formatNumber } from "../../lib/format/numbers.ts";
import { charts, drawings, panels, report, type RunRecord } from "../../lib/report/mod.ts";
import { quantile } from "../../lib/report/distributions.ts";
import { formatPercent } from "../../lib/format/percent.ts";
import { assertGoodSvg } from "../plot/support/checks.ts";
import { assertSnapshot } from "../plot/support/snapshot.ts";
import { readSvg, walk } from "../plot/support/tree.ts";
import { kinds } from "./kinds.ts";
import { makeRecord } from "./record.ts";

/** The texts of a file, in its order. */
function textsOf(svg: string): readonly string[] {
  return [...walk(readSvg(svg))].filter(({ name }) => name === "text").map(({ text }) => text);
}

function countOf(svg: string, element: string): number {
  return [...walk(readSvg(svg))].filter(({ name }) => name === element).length;
}

for (const [name, record] of Object.entries(kinds)) {
  Deno.test(`report() of ${name} is well formed and small, with equal bytes twice`, () => {
    const svg = report(record);
    assertGoodSvg(svg);
    assert(svg.length < 1_000_000, `${svg.length} characters`);
    assertEquals(report(record), svg);
    for (const chart of charts(record)) assertGoodSvg(chart.svg);
  });
}

Deno.test("report() is drawn as in its snapshot", async () => {
  const record = makeRecord({ mistakeEvery: 25, observed: true });
  const noted = { ...record, note: "The digits are made up" };
  await assertSnapshot(new URL("snapshots/report.svg", import.meta.url), report(noted));
});

Deno.test("report() shows samples beside their augmented copies if training augmented them", () => {
  const chart = (record: RunRecord) => charts(record).find(({ name }) => name === "augmented");
  assertEquals(chart(makeRecord()), undefined);
  const svg = chart(makeRecord({ copies: 2 }))?.svg ?? "";
  const names = [...walk(readSvg(svg))].filter(({ name }) => name === "image")
    .map(({ attributes }) => attributes["aria-label"]);
  const copies = (row: number) => [`row ${row} at step 1`, `row ${row} at step 2`];
  assertEquals(names, [
    "row 4 unchanged",
    "row 9 unchanged",
    ...copies(4),
    ...copies(9),
    "row 16 unchanged",
    ...copies(16),
  ]);
  assertStringIncludes(svg, "One training sample of each of 3 classes: unchanged");
});

Deno.test("report() states the result in one line with its interval", () => {
  const texts = textsOf(report(makeRecord({ mistakeEvery: 10 }))); // 20 mistakes in 200 samples
  const line = "Accuracy 90.00\u00a0% on 200 test samples (95\u00a0% interval 85.06–93.43\u00a0%)";
  assert(texts.includes(line), texts.slice(0, 6).join("\n"));
  const figures = [
    "20",
    "mistakes",
    "on 200 test samples",
    "0.125",
    "mean loss",
    "on the test split",
  ];
  const at = texts.indexOf("Result") + 1;
  assertEquals(texts.slice(at, at + figures.length), figures);
  const size = texts.indexOf("parameters");
  const work = ["9,610", "parameters", "5", "epochs", "200 steps of 64 samples"];
  assertEquals(texts.slice(size - 1, size + 4), work);
});

Deno.test("report() shows the calibration of the network's confidence", () => {
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
  const top = texts.indexOf("top 1");
  const interval = "85.06–93.43\u00a0%";
  assertEquals(texts.slice(top, top + 3), ["top 1", "90.00\u00a0%", interval]);
  // sample i has the confidence 0.775 − (i % 64) / 256, above 0.7333 for i % 64 up to 10: 41 samples,
  // of which 0, 10, 70 and 130 are wrong
  assertStringIncludes(svg, "confidence 73\u00a0% to 80\u00a0%: 37 of 41 correct");
});

Deno.test("report() names no temperature without a validation split", () => {
  const texts = textsOf(report(makeRecord({ validation: false, mistakeEvery: 10 })));
  assert(texts.includes("calibration error"));
  assertEquals(texts.filter((text) => text.includes("temperature")), []);
});

Deno.test("report() gives the scores of each class and of validation an interval", () => {
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

Deno.test("report() names the run and its options", () => {
  const texts = textsOf(report(makeRecord()));
  const expected = ["digits", "mnist-10k", "9,610", "softmaxCrossEntropy", "64", "42"];
  assertEquals(expected.filter((text) => !texts.includes(text)), []);
  const layers = "8\u00a0×\u00a08 → dense\u00a0128 → relu → dense\u00a010";
  assert(texts.includes(layers), texts.join("\n"));
});

Deno.test("report() states the number of augmented copies over which an evaluation is averaged", () => {
  const texts = (augmentedCopies: number) => {
    const record = makeRecord();
    const { pipeline, ...rest } = record.config as { readonly pipeline: readonly object[] };
    const evaluate = { stage: "evaluate", on: ["test"], augmentedCopies };
    const config = { ...rest, pipeline: [...pipeline.slice(0, -2), evaluate, { stage: "report" }] };
    return textsOf(report({ ...record, config })).join(" ");
  };
  assertStringIncludes(texts(4), "mean over each sample and 4 augmented copies");
  assertEquals(texts(0).includes("augmented copies"), false);
});

Deno.test("report() shows the note of the data set", () => {
  const note = "Held out of the training images";
  assert(textsOf(report({ ...makeRecord(), note })).includes(`Note: ${note}`));
});

Deno.test("report() shows the result on the test split, or on validation if there is none", () => {
  const record = makeRecord({ mistakeEvery: 10 });
  const [validation] = record.evaluations;
  assertStringIncludes(textsOf(report(record)).join("\n"), "on 200 test samples");
  assert(validation !== undefined);
  const texts = textsOf(report({ ...record, evaluations: [validation] })).join("\n");
  assertStringIncludes(texts, "on 200 validation samples (");
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
  assertEquals(texts.slice(first, first + 12), [
    "true",
    "0",
    "predicted",
    "1",
    "row",
    "1000",
    "1",
    "77.5\u00a0%",
    "0",
    "2.5\u00a0%",
    "2",
    "2.5\u00a0%", // the bars
  ]);
});

Deno.test("report() of an ensemble shows the labels that its members disagree with", () => {
  const titles = (record: RunRecord) => charts(record).map(({ name }) => name);
  const alone = makeRecord({ mistakeEvery: 10 });
  const ensemble = {
    ...alone,
    members: [{ settings: [], run: alone.run, epochs: 5, scores: {} }],
  };
  assertEquals(titles(alone).includes("suspicious"), false);
  const chart = charts(ensemble).find(({ name }) => name === "suspicious");
  const texts = textsOf(chart?.svg ?? "");
  const all = suspiciousLabels(ensemble.evaluations[1], 10);
  const [first] = all;
  assert(texts.includes("Suspicious labels"), texts.join("\n"));
  assertStringIncludes(texts.join(" "), `The first 12 of ${all.length} samples of the test split`);
  for (const text of [String(first?.row), formatPercent(first?.confidence ?? NaN, 1)]) {
    assert(texts.includes(text), text);
  }
});

Deno.test("report() lists mistakes in a table if samples are not images or are too large", () => {
  for (const shape of [[10], [600, 600]]) {
    const svg = report(makeRecord({ shape, samples: 8, mistakeEvery: 4 }));
    assertEquals(countOf(svg, "image"), 0);
    assert(textsOf(svg).includes("1000"));
  }
});

Deno.test("report() omits panels for which the run has no data", () => {
  const bare = { ...makeRecord(), epochs: [], evaluations: [], galleries: [] };
  assertEquals(charts(bare).map(({ name }) => name), ["result", "settings"]);
  const texts = textsOf(report(makeRecord({ validation: false })));
  assert(!texts.includes("validation"));
});

Deno.test("report() draws gaps for losses that are not finite", () => {
  const record = makeRecord();
  const broken = record.epochs.map((epoch, index) =>
    index === 2 ? { ...epoch, train: { loss: NaN, accuracy: NaN } } : epoch
  );
  const loss = Float32Array.from(record.steps.loss, (value, step) => step > 90 ? NaN : value);
  assertGoodSvg(report({ ...record, epochs: broken, steps: { ...record.steps, loss } }));
});

Deno.test("charts() are the panels in their order, each a file with a title", () => {
  const reduction = { name: "pca", kept: 1, variances: Float64Array.of(2, 1) };
  const record = makeRecord({
    mistakeEvery: 7,
    copies: 3,
    observed: true,
    plane: true,
    overTime: true,
  });
  const members = [{ settings: [], run: record.run, epochs: 5, scores: {} }];
  // one component, 128 units and their biases, 128 × 10 weights and 10 biases
  const files = charts({ ...record, reduction, members, parameters: 128 + 128 + 1280 + 10 });
  assertEquals(files.map(({ name }) => name), Object.keys(panels));
  const loss = files.find(({ name }) => name === "loss");
  const [title] = readSvg(loss?.svg ?? "").children;
  assertEquals([title?.name, title?.text], ["title", "Loss of digits-0f3a9c21"]);
});

Deno.test("report() does not change its input", () => {
  const record = makeRecord({ mistakeEvery: 7 });
  const before = structuredClone(record);
  report(record);
  assertEquals(record, before);
});

/** The texts of a panel of a record. */
function panelTexts(record: RunRecord, name: string): readonly string[] {
  return textsOf(charts(record).find((chart) => chart.name === name)?.svg ?? "<svg></svg>");
}

Deno.test("report() draws the panels that its config names, in the order of the pipeline", () => {
  const record = makeRecord({ mistakeEvery: 7, observed: true });
  const { pipeline, ...rest } = record.config as { readonly pipeline: readonly object[] };
  const stage = { stage: "report", panels: ["mistakes", "result", "network"] };
  const asking = { ...record, config: { ...rest, pipeline: [...pipeline.slice(0, -1), stage] } };
  assertEquals(charts(asking).map(({ name }) => name), ["result", "network", "mistakes"]);
  const headings = ["Data", "Training", "Network", "Evaluation"];
  const texts = textsOf(report(asking));
  assertEquals(texts.filter((text) => headings.includes(text)), ["Network", "Evaluation"]);
});

Deno.test("report() shows the layers with their shapes and numbers of parameters", () => {
  const texts = panelTexts(makeRecord(), "network");
  const expected = [
    "input",
    "8 × 8",
    "dense",
    "128",
    "8,320",
    "relu",
    "10",
    "1,290",
    "9,610 in all",
  ];
  assertEquals(expected.filter((text) => !texts.includes(text)), []);
});

Deno.test("report() shows a residual block, and of many layers the first and the last", () => {
  const withLayers = (layers: readonly object[], parameters: number) => {
    const record = makeRecord({ shape: [4] });
    const { pipeline, ...rest } = record.config as { readonly pipeline: readonly object[] };
    const changed = pipeline.map((stage) => "layers" in stage ? { ...stage, layers } : stage);
    return { ...record, parameters, config: { ...rest, pipeline: changed } };
  };
  const dense = { name: "dense", units: 4 };
  const relu = { name: "relu" };
  const block = { name: "residual", layers: [dense, relu] };
  assertEquals(
    panelTexts(withLayers([block, dense], 40), "network").filter((text) => /[a-z]/.test(text)),
    [
      "Layers",
      "Output shape and number of parameters of each layer.",

      "layer",
      "output",
      "parameters",
      "input",
      "dense",
      "relu",
      "residual",
      "dense",
      "40 in all",
      "data",
      "weights",
      "activation",
    ],
  );
  const many = Array.from({ length: 30 }, () => [dense, relu]).flat();
  const texts = panelTexts(withLayers(many, 600), "network");
  assert(texts.includes("… 45 more layers"), texts.join("\n")); // of 61 with the input, 8 and 8
  assert(texts.includes("600 in all"));
  // a number that the layers do not have: the config does not say all
  assertEquals(panelTexts(withLayers(many, 601), "network"), []);
});

Deno.test("report() counts dead units and zeros at the end of training", () => {
  // the histograms of makeRecord() hold Σ ⌊(64 − |2 bin − 63|)² / 4⌋ = 21,824 numbers and 1,000 zeros
  const texts = panelTexts(makeRecord({ observed: true }), "activations");
  assert(texts.includes("relu1: 4\u00a0% zeros, 5 of 128 units dead"), texts.join("\n"));
  assertEquals(panelTexts(makeRecord({ observed: true, hidden: [] }), "activations"), []);
});

Deno.test("report() shows samples and mean of each class, and marks classes that a split lacks", () => {
  const record = makeRecord({ classes: ["no", "yes", "none"], missing: 1, observed: true });
  const chart = (name: string) => charts(record).find((each) => each.name === name)?.svg ?? "";
  const named = (name: string) =>
    [...walk(readSvg(chart(name)))].filter(({ name }) => name === "image")
      .map(({ attributes }) => attributes["aria-label"]);
  assertEquals(named("samples"), [
    "class no: rows 0, 7, 14, 21, 28",
    "class yes: rows 35, 42, 49, 56, 63",
  ]);
  assert(textsOf(chart("samples")).includes("no training samples"));
  assertEquals(named("means"), ["mean of class no", "mean of class yes"]);
  const bars = textsOf(chart("balance"));
  assertEquals(bars.filter((text) => text.includes(" · ") && /^\d/.test(text)), [
    "700 · 100 · 20",
    "701 · 101 · 21",
    "0 · 0 · 0",
  ]);
});

Deno.test("report() shows the means of a table's columns in a heat map", () => {
  const texts = panelTexts(
    makeRecord({ classes: ["a", "b"], shape: [3], observed: true }),
    "means",
  );
  // mean i of the classes one after the other is 31 i mod 97; a row of both classes for each column
  assertEquals(texts.slice(-6), ["0", "93", "31", "27", "62", "58"]);
});

Deno.test("report() shows the first weights before and after training on one scale", () => {
  const texts = panelTexts(makeRecord({ observed: true }), "weights");
  const [low, zero, high] = texts.slice(-3);
  // 6 × 64 weights to 0.1 and as many to 0.5: 99 % of the 768 stay below or at the 761st magnitude
  assertEquals([low, zero, high], ["−0.5", "0", "0.5"]);
  assert(texts.includes("before training") && texts.includes("after training"));
});

Deno.test("report() names a table's columns before their means and their weights", () => {
  const columns = ["length", "width"];
  const options = { classes: ["a", "b", "c"], shape: [2], observed: true };
  const record = makeRecord({ ...options, columns });
  for (const panel of ["means", "weights"]) {
    const texts = panelTexts(record, panel);
    assertEquals(columns.filter((column) => !texts.includes(column)), [], panel);
  }
  const numbered = panelTexts(makeRecord(options), "weights");
  const at = numbered.indexOf("before training");
  assertEquals(numbered.slice(at + 1, at + 4), ["0", "1", "after training"]);
});

Deno.test("report() cuts no text of a run whose classes have names of a word or two", () => {
  const clothes = ["T-shirt/top", "Trouser", "Pullover", "Ankle boot", "Sneaker", "Dress"];
  const record = makeRecord({ classes: clothes, mistakeEvery: 5, observed: true });
  const raw = { loss: 0.25, accuracy: 0.9375 };
  const evaluations = record.evaluations.map((evaluation) => ({ ...evaluation, raw }));
  const texts = textsOf(report({ ...record, evaluations })); // a sixth figure of the result
  assert(texts.includes("accuracy without averaged"), texts.join("\n"));
  assertEquals(texts.filter((text) => text.includes("…")), []);
});

Deno.test("report() uses the singular for one mistake, and mentions that there is none", () => {
  const captionOf = (record: RunRecord, panel: string) => panelTexts(record, panel).join(" ");
  const single = makeRecord({ mistakeEvery: 200 });
  assertStringIncludes(captionOf(single, "mistakes"), "The only mistake on the test split");
  assertStringIncludes(captionOf(single, "confusion"), "orange: mistakes");
  assertStringIncludes(captionOf(makeRecord(), "mistakes"), "No mistakes on the test split");
  assertStringIncludes(captionOf(makeRecord(), "confusion"), "there are no mistakes.");
});

Deno.test("report() states the number of epochs whose numbers are omitted as not finite", () => {
  const record = kinds["an epoch without a finite figure"];
  const expected = "Non-finite values are omitted (1 of 5 epochs).";
  for (const panel of ["loss", "accuracy"]) {
    assertStringIncludes(panelTexts(record, panel).join(" "), expected);
    assertEquals(panelTexts(makeRecord(), panel).join(" ").includes("Non-finite"), false);
  }
  const infinite = panelTexts(kinds["an infinite loss at the end"], "result");
  assert(infinite.includes("∞") && infinite.includes("mean loss, not finite"));
});

Deno.test("report() notes that there are only zeros to draw", () => {
  const gradientsOf = (kind: string) => panelTexts(kinds[kind], "gradients");
  const zeros = gradientsOf("an end where everything is zero").slice(-2);
  assertEquals(zeros, ["dense2.weight: 100\u00a0% zeros", "All values are 0"]);
  const infinite = gradientsOf("distributions without a number").slice(-1);
  assertEquals(infinite, ["No finite values other than 0"]);
});

Deno.test("report() notes that training stopped before its last epoch", () => {
  const texts = panelTexts(kinds["a stop before the last epoch"], "result");
  assert(texts.includes("epochs of at most 30"), texts.join("\n"));
  assertEquals(panelTexts(makeRecord(), "result").includes("epochs"), true);
});

Deno.test("report() gives the score of a single epoch an interval", () => {
  const panel = charts(makeRecord({ epochs: 1 })).find(({ name }) => name === "accuracy");
  // 86 % of 200 samples: 172 right, and Wilson's interval of that
  assertStringIncludes(panel?.svg ?? "", "86 (80.5101 to 90.133)");
});

Deno.test("report() omits the settings in which an ensemble's members differ", () => {
  const texts = panelTexts(kinds["an ensemble"], "settings");
  assertEquals([texts.includes("batch size"), texts.includes("seed")], [true, false]);
});

Deno.test("report() names the source of data without its folder and the names of its classes", () => {
  const path = `/${"home/".repeat(9)}flowers.csv`;
  const dataset = { name: "csv", path, classes: ["setosa", "virginica"] };
  const { config, ...record } = makeRecord();
  const { pipeline, ...rest } = config as { readonly pipeline: readonly object[] };
  const stages = [{ stage: "load", dataset }, { stage: "split", validation: 0, test: 0.125 }];
  const changed = { ...rest, pipeline: [...stages, ...pipeline.slice(2)] };
  const texts = panelTexts({ ...record, config: changed }, "settings");
  const at = texts.indexOf("data set");
  assertEquals(texts.slice(at, at + 8).map((text) => text.replaceAll("\u00a0", " ")), [
    "data set",
    "csv",
    "classes",
    "10",
    "validation split",
    "none",
    "test split",
    "12.5 %",
  ]);
});

Deno.test("quantile() is the number below which a fraction of a histogram lies", () => {
  const counts = Uint32Array.of(1, 0, 2, 0);
  const histogram = { low: -1, high: 3, counts, zeros: 9, infinite: 0 };
  assertEquals([0, 0.5, 1].map((share) => quantile(histogram, share)), [-1, 1.25, 2]);
  assertEquals(quantile({ ...histogram, counts: new Uint32Array(4) }, 0.5), NaN);
});

Deno.test("report() of a 20-epoch run on 10,000 samples takes less than half a second", () => {
  const record = makeRecord({
    epochs: 20,
    stepsPerEpoch: 860,
    samples: 10_000,
    mistakeEvery: 50,
    shape: [28, 28],
    observed: true,
  });
  // the shortest of a few, for other programs may hold the processor
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const { length } = report(record);
    assert(length < 1_000_000, `${length} characters`);
    return performance.now() - start;
  });
  const shortest = Math.min(...times);
  assert(shortest < 500, `${shortest} ms`);
});

for (const classes of [400, 65_536]) {
  Deno.test(`report() of ${classes} classes shows the worst and the most frequent of them`, () => {
    const names = Array.from({ length: classes }, (_, label) => `${label}`);
    const options = { classes: names, samples: 8, mistakeEvery: 2, shape: [2], epochs: 1 };
    const svg = report(makeRecord({ ...options, validation: false, observed: true }));
    assert(svg.length < 500_000, `${svg.length}`);
    const words = textsOf(svg).join(" ");
    assertStringIncludes(words, "Shown are all 4 pairs of classes");
    const all = formatCount(classes);
    assertStringIncludes(words, `the 100 classes with the smallest F1, of ${all} classes`);
    assertStringIncludes(words, `50 smallest of ${all} classes`);
  });
}
