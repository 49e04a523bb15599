/** Networks that see prepared and reduced samples: from a row to the same numbers, whoever asks. */
import { assert, assertEquals, assertLess, assertNotEquals, assertRejects } from "@std/assert";
import type { Normalization, Reduction, Split } from "../../lib/data/dataset.ts";
import { standardize } from "../../lib/data/normalize/standardize.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { prepare } from "../../lib/data/prepare/prepare.ts";
import { pca } from "../../lib/data/reduce/pca.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { countRight, predictedClasses } from "../../lib/evaluate/mod.ts";
import { dense, network, relu } from "../../lib/nn/mod.ts";
import { input, source } from "../../lib/tensor/mod.ts";
import { normalizationInputs, normalizedRows, projectionOf } from "../../lib/train/step/batch.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import type { Trained } from "../../lib/train/inference/trained.ts";
import { openPredictor, openRowPredictor, predict } from "../../lib/train/inference/predictor.ts";
import {
  brightSamples,
  CLASSES,
  FEATURES,
  hashOf,
  splitOf,
  TOY,
  withoutValidation,
} from "./toy.ts";

const METHODS = [{ name: "deskew" }, { name: "center", interpolate: true }] as const;

/** Number of components that are inputs of the networks. */
const KEPT = 5;

const REDUCED_NETWORK = network([dense({ units: 6 }), relu(), dense({ units: CLASSES })], KEPT);

/** The normalization of a split, with a reduction. */
function reducing(train: Split, normalization: Normalization): Normalization {
  return {
    ...normalization,
    reduction: pca({ components: KEPT, whiten: true })(train, normalization),
  };
}

/** The toy with prepared samples, standardized and reduced. */
function options(): FitOptions {
  const { train, validation = train } = prepare(TOY, METHODS);
  const normalization = reducing(train, standardize({ per: "feature" })(train));
  return { ...TOY, network: REDUCED_NETWORK, normalization, train, validation };
}

Deno.test("normalizedRows() reduces rows by the equation, in double precision", () => {
  const { samples: { values } } = TOY.train;
  const rows = [3, 0, 7];
  for (const normalization of [unit()(TOY.train), standardize({ per: "feature" })(TOY.train)]) {
    const reduced = reducing(TOY.train, normalization);
    const { reduction, shift, scale } = reduced as Normalization & { reduction: Reduction };
    const data = { source: source("x", FEATURES, "dense8"), normalization: reduced };
    const [z] = evaluate([normalizedRows(data, input("rows", [3], "integer")).x], {
      inputs: { rows, ...Object.fromEntries(normalizationInputs(reduced, FEATURES)) },
      sources: { x: { values, scale: scalesOf(scale) } },
    }, "f64");
    const at = (given: number | Float32Array, f: number) =>
      typeof given === "number" ? given : given[f];
    rows.forEach((row, r) => {
      for (let c = 0; c < KEPT; c++) {
        let [sum, size] = [0, 0];
        for (let f = 0; f < FEATURES; f++) {
          const x = values[row * FEATURES + f];
          const y = (x - at(shift, f)) * at(scale, f) - reduction.mean[f];
          const weight = reduction.components[f * KEPT + c] *
            reduction.scale[c];
          sum += y * weight;
          size += (Math.abs(x) + Math.abs(at(shift, f))) * at(scale, f) * Math.abs(weight);
        }
        // P, o and the scale that rows are multiplied by are rounded once each, to 2⁻²⁴ at most
        const off = Math.abs((z as ArrayLike<number>)[r * KEPT + c] - sum);
        assertLess(off, 3 * 2 ** -24 * (size + 1));
      }
    });
  }
});

function scalesOf(scale: number | Float32Array): Float32Array<ArrayBuffer> {
  return typeof scale === "number"
    ? new Float32Array(FEATURES).fill(scale)
    : Float32Array.from(scale);
}

Deno.test("projectionOf() multiplies columns by their scales, and subtracts shift and mean at once", () => {
  const normalization = { name: "x", shift: Float32Array.of(1, 2), scale: 0.5 };
  const reduction: Reduction = {
    name: "x",
    mean: Float32Array.of(0.25, -0.5),
    components: Float32Array.of(1, 2, 3, 4),
    scale: Float32Array.of(1, 0.5),
    variances: Float64Array.of(2, 1),
  };
  // o = (0.5 + 0.25, 1 − 0.5) · P
  assertEquals(projectionOf(normalization, reduction), {
    projection: Float32Array.of(1, 1, 3, 2),
    offset: Float32Array.of(0.75 + 1.5, 0.75 + 1),
  });
});

Deno.test("fit() on reduced samples gives the same bytes for any number of workers, stopped or not", async () => {
  const given = options();
  const { checkpoint } = await fit({ ...given, workers: 1 });
  const expected = hashOf(checkpoint);
  for (const workers of [2, 3]) {
    assertEquals(hashOf((await fit({ ...given, workers })).checkpoint), expected);
  }
  const { checkpoint: half } = await fit({ ...given, epochs: 1 });
  assertEquals(hashOf((await fit({ ...given, from: half, workers: 3 })).checkpoint), expected);
});

Deno.test("evaluateSplit() of a reduced network gives the score of fit(), on raw and on prepared samples", async () => {
  const given = options();
  const { trained, checkpoint } = await fit(given);
  const score = checkpoint.history.epochs.at(-1)?.validation;
  for (const split of [given.validation, TOY.validation]) {
    assert(split !== undefined);
    const { loss, labels, probabilities } = await evaluateSplit(trained, "validation", split);
    const predicted = predictedClasses(probabilities, { samples: 22, classes: CLASSES });
    assertEquals({ loss, accuracy: countRight(labels, predicted) / 22 }, score);
  }
  const { preparation: _, ...unprepared } = trained;
  const raw = await evaluateSplit(unprepared, "validation", TOY.validation);
  assertNotEquals(raw.loss, score?.loss);
});

Deno.test("predictors of a reduced network accept raw rows and agree with evaluateSplit()", async () => {
  const { trained } = await fit(options());
  const samples = brightSamples(300);
  const { probabilities } = await evaluateSplit(trained, "test", splitOf(samples));
  const shape = { samples: 300, classes: CLASSES };
  const classes = Int32Array.from(predictedClasses(probabilities, shape));
  const before = samples.values.slice();
  const shared = new Uint8Array(new SharedArrayBuffer(before.length));
  shared.set(before);
  assertEquals(await predict(trained, samples.values), probabilities);
  for (const workers of [1, 3]) {
    await using predictor = await openPredictor(trained, { workers });
    assertEquals(await predictor.probabilities(shared), probabilities);
    assertEquals(await predictor.classes(samples.values), classes);
    assertEquals(await predictor.classes(shared.subarray(14, 28)), classes.slice(1, 2));
  }
  const rowPredictor = openRowPredictor(trained);
  for (let row = 0; row < 40; row++) {
    const one = samples.values.subarray(row * FEATURES, (row + 1) * FEATURES);
    assertEquals(rowPredictor.classOf(one), classes[row]);
    assertEquals(rowPredictor.probabilities(one), probabilities.slice(row * 3, row * 3 + 3));
  }
  assertEquals(samples.values, before);
  assertEquals(new Uint8Array(shared), before);
});

Deno.test("predictors of a network that was trained on reduced 32-bit numbers accept such rows", async () => {
  const samples = { ...TOY.train.samples, values: Float32Array.from(TOY.train.samples.values) };
  const train = { samples, rows: TOY.train.rows };
  const toy = withoutValidation();
  const normalization = reducing(train, unit()(train));
  const { trained } = await fit({ ...toy, network: REDUCED_NETWORK, normalization, train });
  const { probabilities } = await evaluateSplit(trained, "train", splitOf(samples));
  assertEquals(await predict(trained, samples.values), probabilities);
  const network: Trained = trained;
  await assertRejects(
    () => predict(network, new Float32Array(KEPT)),
    TypeError,
    "expected rows of 14 32-bit features: received 5 32-bit numbers",
  );
});

Deno.test("normalizationInputs() are empty without shift and reduction", () => {
  assertEquals(normalizationInputs({ name: "unit", shift: 0, scale: 2 }, 3), new Map());
  const shifted = normalizationInputs({ name: "x", shift: 1, scale: 2 }, 3);
  assertEquals(shifted, new Map([["shift", Float32Array.of(2, 2, 2)]]));
});
