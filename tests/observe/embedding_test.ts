import { assert, assertEquals, assertLess } from "@std/assert";
import { projectOnLeadingDirections } from "../../lib/data/reduce/leading.ts";
import { dense, network, relu, tanh } from "../../lib/nn/mod.ts";
import { chooseEmbeddedSamples, type Embedding, embedding } from "../../lib/observe/embedding.ts";
import { NO_OBSERVATIONS, valueIn } from "../../lib/run/observations.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluateAndObserve, evaluateSplits } from "../../lib/train/inference/evaluate.ts";
import type { Trained } from "../../lib/train/inference/trained.ts";
import { brightSamples, FEATURES, NETWORK, splitOf, TOY } from "../train/toy.ts";

const SPLITS = [
  { name: "validation", split: TOY.validation },
  { name: "test", split: splitOf(brightSamples(1500)) },
] as const;

async function trained(): Promise<Trained> {
  return (await fit({ ...TOY, epochs: 1 })).trained;
}

/** Outputs of the toy's hidden layer in double precision, row-major [rows, 6]. */
function hidden({ parameters }: Trained, rows: Uint32Array): Float32Array<ArrayBuffer> {
  const { values } = SPLITS[1].split.samples;
  const [weight, bias] = ["weight", "bias"].map((name) => parameters.get(`dense1.${name}`)?.data);
  return Float32Array.from({ length: rows.length * 6 }, (_, i) => {
    const [row, unit] = [rows[Math.floor(i / 6)], i % 6];
    let sum = bias?.[unit] ?? NaN;
    for (let f = 0; f < FEATURES; f++) {
      sum += (values[row * FEATURES + f] ?? NaN) / 255 * (weight?.[f * 6 + unit] ?? NaN);
    }
    return Math.max(0, sum);
  });
}

async function embeddingOf(network: Trained, workers = 1): Promise<Embedding> {
  const { observations } = await evaluateAndObserve(network, SPLITS, { workers }, [embedding]);
  const value = valueIn(observations, embedding, "observations");
  assert(value !== undefined);
  return value;
}

Deno.test("evaluateAndObserve() embeds samples that are spread evenly over the test split", async () => {
  const network = await trained();
  const { rows, labels, points, variances, variance, ...about } = await embeddingOf(network);
  assertEquals(about, { split: "test", layer: "relu1", units: 6 });
  assertEquals([...rows], Array.from({ length: 1000 }, (_, i) => Math.floor(1.5 * i)));
  assertEquals([...labels], [...rows].map((row) => row % 3));
  const values = hidden(network, rows);
  const expected = projectOnLeadingDirections({ values, samples: 1000, features: 6 }, 2);
  // sums of 15 numbers up to 2 in single precision: errors of some 15 · 2⁻²⁴ · 2 = 2e-6 in numbers about 1
  points.forEach((x, i) => assertLess(Math.abs(x - (expected.points[i] ?? NaN)), 1e-4));
  assertLess(Math.abs(variance - expected.variance), 1e-5);
  variances.forEach((x, i) => assertLess(Math.abs(x - (expected.variances[i] ?? NaN)), 1e-5));
});

Deno.test("evaluateAndObserve() gives the same bits for any number of workers, and the evaluation without observers", async () => {
  const network = await trained();
  const once = await embeddingOf(network);
  for (const workers of [2, 3]) assertEquals(await embeddingOf(network, workers), once);
  const { evaluations } = await evaluateAndObserve(network, SPLITS, {}, [embedding]);
  assertEquals(evaluations, await evaluateSplits(network, SPLITS));
  assertEquals(await evaluateAndObserve(network, SPLITS, {}, []), {
    evaluations,
    observations: NO_OBSERVATIONS,
  });
});

Deno.test("evaluateAndObserve() embeds if the weights of more than 32 classes lie in panels", async () => {
  const many = network([dense({ units: 6 }), relu(), dense({ units: 47 })], FEATURES);
  const { trained } = await fit({ ...TOY, network: many, epochs: 1 });
  const { rows, points } = await embeddingOf(trained);
  const values = hidden(trained, rows);
  const expected = projectOnLeadingDirections({ values, samples: 1000, features: 6 }, 2);
  points.forEach((x, i) => assertLess(Math.abs(x - (expected.points[i] ?? NaN)), 1e-4)); // as above
});

Deno.test("evaluateAndObserve() omits an embedding without a hidden layer, or with numbers that are not finite", async () => {
  const flat = network([dense({ units: 3 })], FEATURES);
  const { trained: alone } = await fit({ ...TOY, network: flat, epochs: 1 });
  const { observations: none } = await evaluateAndObserve(alone, SPLITS, {}, [embedding]);
  assertEquals(none, NO_OBSERVATIONS);
  // infinite in the hidden layer, and 1 after the tangent: probabilities are numbers all the same
  const { parameters, ...others } = await trained();
  const huge = new Map(
    [...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.map(() => 3e38) }]),
  );
  const bounded = network([dense({ units: 6 }), relu(), dense({ units: 3 }), tanh()], FEATURES);
  const overflown = { ...others, network: bounded, parameters: huge };
  const { evaluations, observations } = await evaluateAndObserve(overflown, SPLITS, {}, [
    embedding,
  ]);
  assertEquals([evaluations.length, observations], [2, NO_OBSERVATIONS]);
});

Deno.test("chooseEmbeddedSamples() prefers the test split, then validation, and fewer samples of a wide layer", () => {
  const [validation, test] = SPLITS;
  const train = { name: "train", split: TOY.train } as const;
  const nameOf = (...splits: Parameters<typeof chooseEmbeddedSamples>[1]) =>
    chooseEmbeddedSamples(NETWORK, splits)?.name;
  assertEquals(nameOf(train, validation, test), "test");
  assertEquals(nameOf(train, validation), "validation");
  assertEquals(nameOf(train), "train");
  const none = { ...test, split: splitOf(brightSamples(3), 0, 0) };
  assertEquals([nameOf(none, train), nameOf(none), nameOf()], ["train", undefined, undefined]);
  const wide = network([dense({ units: 4096 }), relu(), dense({ units: 3 })], FEATURES);
  assertEquals(chooseEmbeddedSamples(wide, [test])?.split.rows.length, 512); // 2²¹ ÷ 4,096
});
