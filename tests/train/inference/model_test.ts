import { assertEquals, assertThrows } from "@std/assert";
import {
  batchNorm,
  dense,
  elementwiseLayer,
  layers,
  network,
  relu,
  residual,
} from "../../../lib/nn/mod.ts";
import { add, type Tensor } from "../../../lib/tensor/mod.ts";
import { fit } from "../../../lib/train/fit.ts";
import { evaluateSplit } from "../../../lib/train/inference/evaluate.ts";
import { loadModel, saveModel } from "../../../lib/train/inference/model.ts";
import { openRowPredictor, predict } from "../../../lib/train/inference/predictor.ts";
import { foldForPrediction, type Trained } from "../../../lib/train/inference/trained.ts";
import { FEATURES, TOY } from "../toy.ts";

const CLASSES = ["left", "middle", "right"];

const NORMALIZED = network([
  dense({ units: 6 }),
  batchNorm(),
  relu(),
  residual([dense({ units: 6 }), batchNorm({ momentum: 0.5 })]),
  dense({ units: 3, initialBias: 0.5 }),
], FEATURES);

async function trained(): Promise<Trained> {
  return (await fit({ ...TOY, network: NORMALIZED, epochs: 2 })).trained;
}

Deno.test("loadModel() returns the argument of saveModel(), bit for bit", async () => {
  const network = await trained();
  const loaded = loadModel(saveModel(network, { classes: CLASSES }));
  assertEquals(loaded.classes, CLASSES);
  assertEquals(loaded.parameters, network.parameters);
  assertEquals([loaded.shape, loaded.encoding], [[2, 7], "sparse8"]);
  assertEquals(saveModel(loaded, loaded), saveModel(network, { classes: CLASSES }));
  const { values } = TOY.train.samples;
  assertEquals(await predict(loaded, values), await predict(network, values));
});

Deno.test("predictions and evaluations fold batch normalizations into dense layers, with the same bits", async () => {
  const network = loadModel(saveModel(await trained(), { classes: CLASSES }));
  const less = foldForPrediction(network);
  assertEquals(less.network.layers.map(({ name }) => name), [
    "dense1",
    "relu1",
    "residual1",
    "dense2",
  ]);
  assertEquals(less.classes, CLASSES);
  const { values } = TOY.train.samples;
  const expected = await predict(less, values);
  assertEquals(await predict(network, values), expected);
  const row = values.subarray(0, FEATURES);
  assertEquals(openRowPredictor(network).probabilities(row), expected.slice(0, 3));
  const { probabilities } = await evaluateSplit(network, "train", TOY.train);
  const first = TOY.train.rows.indexOf(0);
  assertEquals(probabilities.slice(3 * first, 3 * first + 3), expected.slice(0, 3));
});

Deno.test("every layer of the table has the options by which a config names it", () => {
  const needed: Readonly<Record<string, object>> = {
    dense: { units: 4 },
    maxout: { units: 4, pieces: 3 },
    dropout: { rate: 0.5 },
    gaussianNoise: { stddev: 0.1 },
    residual: { layers: [{ name: "dense", units: 4 }, { name: "elu", alpha: 0.5 }] },
  };
  for (const name of layers.names) {
    const named = layers.schema.parse({ name, ...needed[name] });
    const { kind, options } = layers.create(named);
    assertEquals<object>({ name: kind, ...options }, named);
  }
});

Deno.test("saveModel() rejects classes whose number is not that of the outputs, and custom layers", async () => {
  const model = await trained();
  assertThrows(
    () => saveModel(model, { classes: ["a", "b"] }),
    RangeError,
    "Cannot save a model: expected 3 classes, one for each output: received 2",
  );
  const double = elementwiseLayer("double", {
    forward: (x) => add(x, x),
    backward: (_x: Tensor, dy) => ({ dx: add(dy, dy) }),
  });
  const own = { ...model, network: network([double, dense({ units: 3 })], FEATURES) };
  assertThrows(() => saveModel(own, { classes: CLASSES }), TypeError, 'received "double", "dense"');
});

Deno.test("fit() returns the scores of every epoch that onEpoch received", async () => {
  const epochs: unknown[] = [];
  const { history, checkpoint } = await fit({
    ...TOY,
    onEpoch: (epoch) => void epochs.push(epoch),
  });
  assertEquals(history.epochs.map(({ epoch }) => epoch), [1, 2, 3]);
  assertEquals(epochs, [...history.epochs]);
  assertEquals(history.steps, checkpoint.history.steps);
});
