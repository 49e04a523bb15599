import { assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { standardize } from "../../../lib/data/normalize/standardize.ts";
import { predictedClasses } from "../../../lib/evaluate/mod.ts";
import { fit } from "../../../lib/train/fit.ts";
import { evaluateSplit } from "../../../lib/train/inference/evaluate.ts";
import type { Trained } from "../../../lib/train/inference/trained.ts";
import {
  openPredictor,
  openRowPredictor,
  predict,
  type Rows,
} from "../../../lib/train/inference/predictor.ts";
import { brightSamples, CLASSES, FEATURES, splitOf, TOY } from "../toy.ts";

/** The toy, trained with a shift, so that the sparse rows are shifted where they are asked too. */
async function trainedOn8Bits(): Promise<Trained> {
  return (await fit({ ...TOY, normalization: standardize({ per: "feature" })(TOY.train) })).trained;
}

/** The toy, trained on the same numbers in 32 bits. */
async function trainedOn32Bits(): Promise<Trained> {
  const samples = { ...TOY.train.samples, values: Float32Array.from(TOY.train.samples.values) };
  const [train, validation] = [TOY.train, TOY.validation].map((split) => ({ ...split, samples }));
  return (await fit({ ...TOY, train: train ?? TOY.train, validation: validation ?? TOY.train }))
    .trained;
}

/** Returns probabilities and classes of rows by evaluation. */
async function evaluated(network: Trained, values: Rows) {
  const samples = { ...brightSamples(values.length / FEATURES), values };
  const { probabilities } = await evaluateSplit(network, "test", splitOf(samples));
  const shape = { samples: samples.count, classes: CLASSES };
  return { probabilities, classes: Int32Array.from(predictedClasses(probabilities, shape)) };
}

function inSharedMemory(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.length + 3), 3);
  shared.set(values);
  return shared;
}

Deno.test("openPredictor() agrees with evaluateSplit(), called repeatedly with any number of samples", async () => {
  const network = await trainedOn8Bits();
  const { values } = brightSamples(600);
  const all = await evaluated(network, values);
  assertEquals(new Set(all.classes), new Set([0, 1, 2]));
  for (const workers of [1, 3]) {
    await using predictor = await openPredictor(network, { workers });
    for (
      const [from, to] of [[0, 600], [7, 8], [100, 228], [100, 229], [0, 127], [0, 600]] as const
    ) {
      for (const place of [inSharedMemory, (rows: Uint8Array) => rows]) {
        const rows = place(values.slice(from * FEATURES, to * FEATURES) as Uint8Array);
        const probabilities = all.probabilities.slice(from * CLASSES, to * CLASSES);
        assertEquals(await predictor.probabilities(rows), probabilities);
        assertEquals(await predictor.classes(rows), all.classes.slice(from, to));
      }
    }
  }
});

Deno.test("openPredictor() divides samples into several passes if there are too many", async () => {
  const network = await trainedOn8Bits();
  const { values } = brightSamples(100);
  const { probabilities, classes } = await evaluated(network, values);
  await using predictor = await openPredictor(network);
  const times = 701; // 70,100 samples; a segment takes 256 steps of 128
  const rows = new Uint8Array(times * values.length);
  for (let i = 0; i < times; i++) rows.set(values, i * values.length);
  const found = await predictor.classes(rows);
  const probable = await predictor.probabilities(rows);
  assertGreater(found.length, 2 * 256 * 128);
  for (let i = 0; i < times; i++) {
    assertEquals(found.subarray(i * 100, (i + 1) * 100), classes);
    assertEquals(probable.subarray(i * 100 * CLASSES, (i + 1) * 100 * CLASSES), probabilities);
  }
});

Deno.test("openPredictor() runs concurrent calls one after the other", async () => {
  const network = await trainedOn8Bits();
  const { values } = brightSamples(300);
  const { classes } = await evaluated(network, values);
  await using predictor = await openPredictor(network, { workers: 2 });
  const splits = [[0, 200], [200, 201], [3, 300]] as const;
  const asked = splits.map(([from, to]) =>
    predictor.classes(values.slice(from * FEATURES, to * FEATURES))
  );
  const refused = predictor.classes(new Uint8Array(3));
  const last = predictor.classes(values);
  await assertRejects(() => refused, TypeError, "received 3 8-bit numbers");
  assertEquals(await Promise.all(asked), splits.map(([from, to]) => classes.slice(from, to)));
  assertEquals(await last, classes);
});

Deno.test("openRowPredictor() agrees for each row with evaluateSplit() for all", async () => {
  const cases = [
    [await trainedOn8Bits(), (rows: Rows) => rows],
    [await trainedOn32Bits(), (rows: Rows) => Float32Array.from(rows)],
  ] as const;
  for (const [network, typed] of cases) {
    const rows = typed(brightSamples(40).values);
    const { probabilities, classes } = await evaluated(network, rows);
    const predictor = openRowPredictor(network);
    for (let row = 0; row < 40; row++) {
      const one = rows.subarray(row * FEATURES, (row + 1) * FEATURES);
      assertEquals(predictor.classOf(one), classes[row]);
      assertEquals(
        predictor.probabilities(one),
        probabilities.slice(row * CLASSES, (row + 1) * CLASSES),
      );
    }
  }
});

Deno.test("predict() gives the probabilities of evaluateSplit() for the same rows", async () => {
  const network = await trainedOn8Bits();
  const { values } = brightSamples(31);
  const { probabilities } = await evaluated(network, values);
  assertEquals(await predict(network, values), probabilities);
  const one = values.slice(7 * FEATURES, 8 * FEATURES);
  assertEquals(await predict(network, one), probabilities.slice(7 * CLASSES, 8 * CLASSES));
});

Deno.test("predictors reject incomplete rows, and numbers of another type", async () => {
  const network = await trainedOn8Bits();
  const predictor = openRowPredictor(network);
  const refusal = (what: string, received: string) =>
    `Cannot predict: expected ${what} of 14 8-bit features: received ${received} numbers`;
  for (const count of [0, FEATURES - 1, FEATURES + 1]) {
    const rows = new Uint8Array(count);
    const message = refusal("rows", `${count} 8-bit`);
    await assertRejects(() => predict(network, rows), TypeError, message);
    assertThrows(() => predictor.classOf(rows), TypeError, message);
  }
  const floats = new Float32Array(FEATURES);
  await assertRejects(() => predict(network, floats), TypeError, refusal("rows", "14 32-bit"));
  const two = new Uint8Array(2 * FEATURES);
  assertThrows(() => predictor.probabilities(two), TypeError, refusal("one row", "28 8-bit"));
  const on32Bits = openRowPredictor(await trainedOn32Bits());
  assertThrows(
    () => on32Bits.classOf(new Uint8Array(FEATURES)),
    TypeError,
    "expected rows of 14 32-bit features: received 14 8-bit numbers",
  );
});

Deno.test("predictors reject a network without its parameters", async () => {
  const network = await trainedOn8Bits();
  const { parameters } = network;
  const without = new Map([...parameters].filter(([name]) => name !== "dense2.bias"));
  const wrong = new Map([...parameters, [
    "dense2.bias",
    { shape: [1, 3], data: new Float32Array(3) },
  ]]);
  for (const [parameters, received] of [[without, "none"], [wrong, "[1, 3]"]] as const) {
    const message = `Cannot set parameter "dense2.bias": expected shape [3]: received ${received}`;
    const row = new Uint8Array(FEATURES);
    await assertRejects(() => predict({ ...network, parameters }, row), TypeError, message);
    assertThrows(() => openRowPredictor({ ...network, parameters }), TypeError, message);
  }
});
