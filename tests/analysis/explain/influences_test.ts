/** Influences on the answer of a larger network. */
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { computeInfluences } from "../../../lib/analysis/explain/influences.ts";
import { openProbe } from "../../../lib/analysis/explain/probe.ts";
import { computeNetworkInput, type Subject } from "../../../lib/analysis/explain/sample.ts";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { modelWithInputs } from "../../../lib/analysis/explain/model_inputs.ts";
import { forward } from "../../../lib/nn/mod.ts";
import { batchNorm, dense, relu } from "../../../lib/nn/mod.ts";
import { input } from "../../../lib/tensor/mod.ts";
import { subjectOf } from "./subjects.ts";

const SHAPE = [6, 5];
const PIXELS = 30;

const PIXEL_VALUES = Uint8Array.from(
  { length: PIXELS },
  (_, i) => i % 4 === 0 ? 0 : (i * 67) % 256,
);

const LAYERS = [dense({ units: 12 }), relu(), dense({ units: 12 }), relu(), dense({ units: 4 })];

const IMAGE = subjectOf({
  layers: LAYERS,
  values: PIXEL_VALUES,
  shape: SHAPE,
  label: 2,
  scale: 1 / 255,
});

/** The same with a shift, and a layer of normalization. */
const SHIFTED = subjectOf({
  layers: [dense({ units: 12 }), batchNorm(), relu(), dense({ units: 4 })],
  values: PIXEL_VALUES,
  shape: SHAPE,
  label: 2,
  scale: 1 / 64,
  shift: 100,
});

/** Computes the logits of a sample in double precision, with features that are scaled already. */
function logitsOf(subject: Subject, scaled: ArrayLike<number>): ArrayLike<number> {
  const { model } = subject;
  const { scale, shift } = model.normalization as { scale: number; shift: number };
  const { network, parameters, context } = modelWithInputs(model);
  const x = input("x", [1, PIXELS]);
  const values = Object.fromEntries([...model.parameters].map(([name, { data }]) => [name, data]));
  const inputs = { ...values, x: Array.from(scaled, (each) => each - shift * scale) };
  return evaluate([forward(network, parameters, x, context).y], { inputs }, "f64")[0];
}

for (const [name, subject] of Object.entries({ images: IMAGE, "shifted images": SHIFTED })) {
  Deno.test(`the logits of ${name} equal those of the reference`, () => {
    const { logits, features } = computeInfluences(subject);
    const expected = logitsOf(subject, features);
    // single precision: two or three products of at most 30 terms
    logits.forEach((logit, index) => assertAlmostEquals(logit, expected[index], 1e-4));
    const x = computeNetworkInput(subject.model, subject.sample);
    const { scale, shift } = subject.model.normalization as { scale: number; shift: number };
    x.forEach((each, i) => assertAlmostEquals(each, (PIXEL_VALUES[i] - shift) * scale, 1e-5));
  });

  Deno.test(`gradient × input of ${name} is the central difference of the margin, times input`, () => {
    const { gradientTimesInput, features, answer, runnerUp } = computeInfluences(subject);
    const marginAt = (feature: number, h: number) => {
      const moved = Float64Array.from(features);
      moved[feature] += h;
      const logits = logitsOf(subject, moved);
      return logits[answer] - logits[runnerUp];
    };
    gradientTimesInput.forEach((each, feature) => {
      const h = 1e-5;
      const slope = (marginAt(feature, h) - marginAt(feature, -h)) / (2 * h);
      assertAlmostEquals(each, slope * features[feature], 1e-4);
    });
  });

  Deno.test(`the contributions to the logits of ${name} add up to the logits`, () => {
    const { contributions, logits, answer, runnerUp } = computeInfluences(subject);
    const sum = (of: "toAnswer" | "toRunnerUp") =>
      contributions.reduce((all, each) => all + each[of], 0);
    assertAlmostEquals(sum("toAnswer"), logits[answer], 1e-5);
    assertAlmostEquals(sum("toRunnerUp"), logits[runnerUp], 1e-5);
    const rest = contributions.at(-1);
    assertAlmostEquals(rest?.toAnswer ?? NaN, 0, 1e-5); // biases are 0 at first
  });
}

Deno.test("weight × input of a unit adds up to the unit's value if its bias is 0", () => {
  const { units } = computeInfluences(IMAGE);
  assertEquals(units.length, 8);
  for (const { weightTimesInput, output } of units) {
    const sum = weightTimesInput.reduce((all, each) => all + each, 0);
    assertAlmostEquals(Math.max(0, sum), output, 1e-5);
  }
  const sizes = units.map(({ influence }) => Math.abs(influence));
  assertEquals(sizes, sizes.toSorted((a, b) => b - a));
});

Deno.test("occlusion is the fall of the margin when a patch is set to 0", () => {
  const { occlusion, features, answer, runnerUp } = computeInfluences(IMAGE);
  assert(occlusion !== undefined);
  assertEquals(occlusion.side, 1); // a seventh of the longer side: patches are single pixels here
  const marginOf = (values: ArrayLike<number>) => {
    const logits = logitsOf(IMAGE, values);
    return logits[answer] - logits[runnerUp];
  };
  occlusion.falls.forEach((fall, pixel) => {
    const without = Float64Array.from(features, (each, i) => i === pixel ? 0 : each);
    assertAlmostEquals(fall, marginOf(features) - marginOf(without), 1e-5);
  });
});

for (const [name, subject] of Object.entries({ images: IMAGE, "shifted images": SHIFTED })) {
  Deno.test(`the smallest change of ${name} changes the predicted class, and a slightly smaller one does not`, () => {
    const { change, features, answer } = computeInfluences(subject);
    assert(change !== undefined);
    const answerAt = (share: number) => {
      const logits = logitsOf(
        subject,
        features.map((each, i) => each + share * (change.features[i] - each)),
      );
      return Array.from(logits).indexOf(Math.max(...Array.from(logits)));
    };
    assertEquals(answerAt(1.001), change.answer);
    assertEquals(answerAt(0.999), answer);
    const { scale } = subject.model.normalization as { scale: number };
    for (const value of change.features) assert(value >= 0 && value <= 255 * scale + 1e-6);
  });

  Deno.test(`the smallest change of ${name} is shorter than a hundred random changes`, () => {
    const { change, features, answer } = computeInfluences(subject);
    const probe = openProbe(subject.model, { rows: 1, units: 1, update: { rate: 0.1 } });
    for (let seed = 0; seed < 100; seed++) {
      const random = features.map((_, i) => ((seed * 7919 + i * 104_729) % 2003) / 1001.5 - 1);
      const length = Math.sqrt(random.reduce((sum, each) => sum + each * each, 0));
      const share = 0.9 * (change?.norm ?? 0) / length;
      const logits = probe.logitsOf(features.map((each, i) => each + share * random[i]));
      assertEquals(logits.indexOf(Math.max(...logits)), answer);
    }
  });
}

Deno.test("the explanation of a network without hidden layers has two classes as units, and no contributions", () => {
  const subject = subjectOf({
    layers: [dense({ units: 8 })],
    values: PIXEL_VALUES,
    shape: SHAPE,
    scale: 1 / 255,
  });
  const { units, areHidden, contributions, answer, runnerUp, logits } = computeInfluences(subject);
  assertEquals([areHidden, contributions], [false, []]);
  assertEquals(units.map(({ unit }) => unit), [answer + 1, runnerUp + 1]);
  for (const { unit, weightTimesInput } of units) {
    assertAlmostEquals(
      weightTimesInput.reduce((all, each) => all + each, 0),
      logits[unit - 1],
      1e-5,
    );
  }
});

Deno.test("the norm of the gradient equals that of the layer's parameters", () => {
  const { gradients } = computeInfluences(IMAGE);
  assertEquals(gradients.map(({ layer }) => layer), [
    "dense1",
    "relu1",
    "dense2",
    "relu2",
    "dense3",
  ]);
  assertEquals(
    gradients.map(({ parameters }) => parameters !== undefined),
    [true, false, true, false, true],
  );
  const last = gradients.at(-1)?.parameters ?? NaN;
  const { probabilities } = computeInfluences(IMAGE);
  // db = p − y, and dW = aᵀ db: the norm is ‖p − y‖ √(‖a‖² + 1)
  const error = Math.sqrt(
    probabilities.reduce((sum, p, index) => sum + (p - Number(index === 2)) ** 2, 0),
  );
  const { hidden } = openProbe(IMAGE.model, { rows: 1, units: 1, update: { rate: 0.1 } }).pass(
    computeInfluences(IMAGE).features,
    2,
  );
  const square = hidden?.last.reduce((sum, a) => sum + a * a, 0) ?? NaN;
  assertLess(Math.abs(last / (error * Math.sqrt(square + 1)) - 1), 1e-5);
});

Deno.test("a step of plain gradient descent lowers the loss by rate · ‖gradient‖², to first order", () => {
  const rate = 1e-4;
  const { loss, lossAfter, gradients } = computeInfluences({ ...IMAGE, update: { rate } });
  const square = gradients.reduce((sum, { parameters = 0 }) => sum + parameters ** 2, 0);
  assertLess(Math.abs((loss - lossAfter) / (rate * square) - 1), 0.05);
});

Deno.test("gradient × input of a table uses normalized features, without occlusion", () => {
  const table = { values: Float32Array.of(5, 3), shape: [2], layers: [dense({ units: 3 })] };
  const { gradientTimesInput, occlusion, answer, runnerUp } = computeInfluences(
    subjectOf({ ...table, scale: 0.5, shift: 3 }),
  );
  assertEquals(occlusion, undefined);
  const weights = subjectOf(table).model.parameters.get("dense1.weight")?.data ?? [];
  assertAlmostEquals(gradientTimesInput[0], weights[answer] - weights[runnerUp], 1e-6); // x = 1
  assertEquals(gradientTimesInput[1], 0); // the mean
});
