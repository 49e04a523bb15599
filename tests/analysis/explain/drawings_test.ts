/** Drawings and texts of explanations. */
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { explainSample } from "../../../lib/analysis/explain/explanation.ts";
import { explanationDrawings } from "../../../lib/analysis/explain/drawings.ts";
import { drawExampleGraph } from "../../../lib/analysis/explain/example_graph.ts";
import { computeExample } from "../../../lib/analysis/explain/example.ts";
import { examplePanel } from "../../../lib/analysis/explain/panels/equations.ts";
import {
  preprocessedSample,
  rowByLowestProbability,
  type Subject,
} from "../../../lib/analysis/explain/sample.ts";
import { formatExplanation } from "../../../lib/analysis/explain/text.ts";
import type { Split } from "../../../lib/data/dataset.ts";
import { mnist10k } from "../../../lib/data/datasets/mnist_10k.ts";
import { unit } from "../../../lib/data/normalize/unit.ts";
import { pickEvenlySpaced } from "../../../lib/data/split/samples.ts";
import { split } from "../../../lib/data/split/split.ts";
import { loadDataset } from "../../../lib/io/datasets.ts";
import { dense, network, relu, softmaxCrossEntropy, tanh } from "../../../lib/nn/mod.ts";
import { column, document, heading } from "../../../lib/plot/mod.ts";
import { constantRate, evaluateSplit, fit, momentum } from "../../../lib/train/mod.ts";
import { assertGoodSvg } from "../../plot/support/checks.ts";
import { assertSnapshot } from "../../plot/support/snapshot.ts";
import { mazur } from "./mazur.ts";
import { subjectOf } from "./subjects.ts";

/** A network on four measurements of a flower. */
const FLOWER = subjectOf({
  layers: [dense({ units: 6 }), tanh(), dense({ units: 3 })],
  values: Float32Array.of(5.1, 3.5, 1.4, 0.2),
  shape: [4],
  columns: ["sepal length", "sepal width", "petal length", "petal width"],
  classes: ["setosa", "versicolor", "virginica"],
  scale: 0.25,
  shift: 3,
});

/** A network on features without names, too large to show every number. */
const TABLE = subjectOf({
  layers: [dense({ units: 40 }), relu(), dense({ units: 3 })],
  values: Float32Array.of(5.1, 3.5, 1.4, 0.2),
  shape: [4],
});

/** Trains a network on some digits; returns a test digit that it gets right, and its worst mistake. */
async function digits(): Promise<Readonly<Record<"right" | "wrong", Subject>>> {
  const data = await loadDataset(mnist10k(), { cacheDirectory: ".cache" });
  const splits = split(data, { seed: 1 });
  const train = { ...splits.train, rows: pickEvenlySpaced(splits.train.rows, 2000) };
  const test = splits.test as Split;
  const { trained } = await fit({
    train,
    network: network([dense({ units: 24 }), relu(), dense({ units: 10 })], 784),
    loss: softmaxCrossEntropy(),
    normalization: unit()(train),
    optimizer: momentum(),
    learningRate: constantRate({ rate: 0.05 }),
    epochs: 3,
    batchSize: 50,
    seed: 1,
  });
  const model = { ...trained, classes: data.classes };
  const evaluation = await evaluateSplit(model, "test", test);
  const subject = (k: number): Subject => {
    const row = rowByLowestProbability(evaluation, { k, classes: 10 });
    return {
      title: "digits",
      weights: "weights of digits",
      model,
      lossNote: "Cross-entropy",
      update: { rate: 0.05 },
      split: "test",
      row,
      sample: preprocessedSample(test, row),
    };
  };
  return { right: subject(test.rows.length / 2), wrong: subject(1) };
}

const { right, wrong } = await digits();

for (const [name, subject] of Object.entries({ flower: FLOWER, table: TABLE, right, wrong })) {
  Deno.test(`explanationDrawings() draws ${name} as in its snapshot, with equal bytes twice`, async () => {
    const { report } = explanationDrawings(explainSample(subject), `explained-${name}`);
    assertGoodSvg(report);
    assertEquals(explanationDrawings(explainSample(subject), `explained-${name}`).report, report);
    await assertSnapshot(new URL(`snapshots/explain_${name}.svg`, import.meta.url), report);
  });
}

Deno.test("the graph and the equations of Mazur's example are drawn as in its snapshot", async () => {
  const example = computeExample(mazur());
  const panel = examplePanel(example);
  assert(panel !== undefined);
  const title = "A step by step backpropagation example";
  const figure = column([
    heading({ width: 1124, title, caption: "Matt Mazur, 2015" }),
    drawExampleGraph(example, 1124),
    heading({ width: 1124, title: panel.title, caption: panel.caption ?? "" }),
    panel.draw(1124),
  ], { gap: 24 });
  const svg = document(figure, { title, description: "Values, gradients and weights" });
  assertGoodSvg(svg);
  await assertSnapshot(new URL("snapshots/mazur.svg", import.meta.url), svg);
});

Deno.test("an explanation has the panels of its kind of network", () => {
  const panelsOf = (subject: Subject) =>
    explanationDrawings(explainSample(subject), "name").charts.map(({ name }) => name);
  assertEquals(panelsOf(FLOWER), ["sample", "answer", "graph", "equations"]);
  assertEquals(panelsOf(TABLE), [
    "sample",
    "answer",
    "gradients",
    "contributions",
    "evidence",
    "change",
  ]);
  assertEquals(panelsOf(wrong), [
    "sample",
    "answer",
    "gradients",
    "units",
    "contributions",
    "evidence",
    "change",
  ]);
});

Deno.test("formatExplanation() states prediction, evidence and smallest change of a digit, and their limits", () => {
  const explanation = explainSample(wrong);
  const text = formatExplanation(explanation).join("\n");
  const [answer] = wrong.model.classes.filter((_, index) =>
    explanation.influences?.answer === index
  );
  assertStringIncludes(text, `row ${wrong.row} of the test split, class `);
  assertStringIncludes(text, `Answer ${answer} with `);
  assertStringIncludes(text, ": wrong: ");
  assertStringIncludes(text, "Neither shows a cause: ");
  assertStringIncludes(text, `turns the answer ${answer} into `);
  assertStringIncludes(formatExplanation(explainSample(right)).join("\n"), ": right; loss ");
});

Deno.test("explainSample() of a digit takes less than half a second", () => {
  const started = performance.now();
  formatExplanation(explainSample(right));
  assertLess(performance.now() - started, 500);
});
