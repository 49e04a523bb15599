import { assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Split } from "../../lib/data/dataset.ts";
import { mnist10k } from "../../lib/data/datasets/mnist_10k.ts";
import { unit } from "../../lib/data/normalize/unit.ts";
import { split } from "../../lib/data/split/split.ts";
import { scoreOfEvaluation } from "../../lib/evaluate/mod.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import { dense, network, relu, sigmoid, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { constantRate, evaluateSplit, fit, sgd, type Trained } from "../../lib/train/mod.ts";
import { type PlainTraining, trainPlainly } from "../../lib/train/plain.ts";
import { CLASSES, FEATURES, TOY } from "./toy.ts";

/** Returns the result of `fit` with plain stochastic gradient descent. */
async function fitted({ learningRate: rate, ...options }: PlainTraining): Promise<Trained> {
  const learningRate = constantRate({ rate });
  const { trained } = await fit({ ...options, optimizer: sgd(), learningRate });
  return trained;
}

function valuesOf({ parameters }: Trained): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries([...parameters].map(([name, { data }]) => [name, data]));
}

Deno.test("trainPlainly() gives the bits of fit() with plain gradient descent", async () => {
  const { train, normalization, loss, batchSize, seed } = TOY;
  const options = {
    train,
    normalization,
    loss,
    batchSize,
    seed,
    epochs: 3,
    learningRate: 0.2,
    network: network([dense({ units: 40 }), sigmoid(), dense({ units: CLASSES })], FEATURES),
  };
  assertEquals(trainPlainly(options), valuesOf(await fitted(options)));
});

Deno.test("trainPlainly() learns nine of ten held-out digits within a minute", async () => {
  const digits = await loadDataset(mnist10k(), { cacheDirectory: ".cache" });
  const { train, test } = split(digits, { seed: 1 });
  const options = {
    train,
    normalization: unit()(train),
    network: network([dense({ units: 32 }), relu(), dense({ units: 10 })], 784),
    loss: softmaxCrossEntropy(),
    learningRate: 0.2,
    epochs: 3,
    batchSize: 64,
    seed: 1,
  };
  const started = performance.now();
  const parameters = trainPlainly(options);
  assertLess(performance.now() - started, 60_000);
  const trained = await fitted(options);
  assertEquals(parameters, valuesOf(trained));
  const evaluation = await evaluateSplit(trained, "test", test as Split);
  assertGreater(scoreOfEvaluation(evaluation).accuracy, 0.9);
});
