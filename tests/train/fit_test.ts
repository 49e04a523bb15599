import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { standardize } from "../../lib/data/normalize/standardize.ts";
import type { Checkpoint } from "../../lib/run/checkpoint.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions, Progress } from "../../lib/train/options.ts";
import { dense, network, relu } from "../../lib/nn/mod.ts";
import { adam, constantRate, type Optimizer, optimizers, schedules } from "../../lib/train/mod.ts";
import {
  brightSamples,
  checkpointsOf,
  CLASSES,
  FEATURES,
  hashOf,
  splitOf,
  stepsLater,
  TOY,
  UNIT,
  withoutValidation,
} from "./toy.ts";
import { referenceFit } from "./reference_fit.ts";

/** Steps of an epoch of the toy: three whole batches of 16 and one of 5. */
const PER_EPOCH = 4;

/** Fits on the machine and by the reference interpreter, and compares every bit. */
async function assertFitIsReference(options: FitOptions): Promise<void> {
  const { checkpoint: { state, history } } = await fit(options);
  const expected = referenceFit(options);
  assertEquals(Object.fromEntries(state), expected.state);
  const { loss, correct, gradientNorm } = history.steps;
  const steps = Array.from(loss, (loss, index) => ({
    loss,
    correct: correct[index],
    gradientNorm: gradientNorm[index],
  }));
  assertEquals(steps, expected.steps);
}

Deno.test("fit() learns the toy data by heart: the loss falls from epoch to epoch", async () => {
  const { checkpoint, finished } = await fit({ ...TOY, epochs: 20 });
  const { epochs, steps } = checkpoint.history;
  assert(finished);
  assertEquals(checkpoint.position, { epoch: 20, step: 20 * PER_EPOCH });
  assertEquals(epochs.map(({ epoch, step }) => [epoch, step]).at(-1), [20, 80]);
  assertEquals(steps.loss.length, 80);
  const [first, last] = [epochs[0], epochs.at(-1)] as [EpochRecord, EpochRecord];
  assertGreater(first.train.loss, 0.5); // log 3 = 1.1 at first: three classes, nothing known
  assertLess(last.train.loss, 0.02);
  assertEquals([last.train.accuracy, last.validation?.accuracy], [1, 1]);
});

Deno.test("fit() weights the batches of an epoch by their samples", async () => {
  const { checkpoint: { history: { epochs, steps } } } = await fit({ ...TOY, epochs: 1 });
  const sizes = [16, 16, 16, 5];
  const mean = sizes.reduce((sum, size, i) => sum + size * (steps.loss[i] ?? NaN), 0) / 53;
  const right = steps.correct.reduce((sum, count) => sum + count, 0);
  assertEquals(epochs[0]?.train, { loss: mean, accuracy: right / 53 });
});

for (const [name, { length }] of [["the first", [0]], ["none", []]] as const) {
  Deno.test(`fit() calls onCheckpoint after every epoch, stopped at ${name}`, async () => {
    const controller = new AbortController();
    const seen: (number | undefined)[] = [];
    const onCheckpoint = (_: Checkpoint, epoch?: EpochRecord) => {
      seen.push(epoch?.epoch);
      if (length > 0) controller.abort();
      return Promise.resolve();
    };
    const { finished } = await fit({ ...TOY, signal: controller.signal, onCheckpoint });
    assertEquals([seen, finished], length > 0 ? [[1], false] : [[1, 2, 3], true]);
  });
}

Deno.test("fit() resumed from any step ends with the same bytes as one that never stopped", async () => {
  const options = { ...TOY, optimizer: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }) };
  const checkpoints = await checkpointsOf(options);
  const end = hashOf(checkpoints.at(-1) as Checkpoint);
  for (const checkpoint of checkpoints) {
    const { epoch } = checkpoint.position;
    const stops = epoch === options.epochs ? [0] : [0, 1, 2, 3]; // 3: before the remainder batch
    for (const steps of stops) {
      const from = steps === 0 ? checkpoint : await stepsLater(options, checkpoint, steps);
      const { checkpoint: reached, finished } = await fit({ ...options, from });
      assertEquals([hashOf(reached), finished], [end, true], `after step ${from.position.step}`);
    }
  }
});

Deno.test("fit() stopped repeatedly in the middle of epochs loses nothing", async () => {
  const options = { ...withoutValidation(), batchSize: 1, train: splitOf(brightSamples(1000)) };
  const undisturbed = hashOf((await fit(options)).checkpoint);
  let from: Checkpoint | undefined;
  let inTheMiddle = 0;
  for (let finished = false; !finished;) {
    const controller = new AbortController();
    let timer: ReturnType<typeof setInterval> | undefined;
    const fitted = await fit({
      ...options,
      ...(from === undefined ? {} : { from }),
      signal: controller.signal,
      onStart: ({ progress }) =>
        timer = setInterval(() => progress().stepsTaken > 0 && controller.abort()),
    });
    clearInterval(timer);
    ({ checkpoint: from, finished } = fitted);
    if (from.position.step % 1000 !== 0) inTheMiddle++;
  }
  assertGreater(inTheMiddle, 0);
  assertEquals(hashOf(from as Checkpoint), undisturbed);
});

Deno.test("fit() stopped before its first step returns its initial state", async () => {
  const signal = AbortSignal.abort();
  const { checkpoint: first, finished } = await fit({ ...TOY, signal });
  assertEquals([first.position, finished], [{ epoch: 0, step: 0 }, false]);
  const again = await fit({ ...TOY, signal, from: first });
  assertEquals(hashOf(again.checkpoint), hashOf(first));
});

Deno.test("fit() accepts remainder batches of every size, batches of 1 and of all", async () => {
  const samples = brightSamples(20);
  for (const count of [1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 20]) {
    const train = splitOf(samples, 0, count);
    await assertFitIsReference({ ...withoutValidation(), train, batchSize: 8, epochs: 2 });
  }
  for (const batchSize of [1, 20]) {
    const train = splitOf(samples);
    await assertFitIsReference({ ...withoutValidation(), train, batchSize, epochs: 1 });
  }
});

/** The toy with a network of this width that has a hidden weight matrix. */
function deeper(units: number): Omit<typeof TOY, "validation"> {
  const hidden = () => dense({ units, initializer: { name: "heNormal" } });
  const layers = [hidden(), relu(), hidden(), relu(), dense({ units: CLASSES })];
  return { ...withoutValidation(), network: network(layers, FEATURES), epochs: 2 };
}

for (const name of optimizers.names) {
  const optimizer: Optimizer = optimizers.create(optimizers.schema.parse({ name }));

  Deno.test(`fit() equals the reference bit for bit with ${name}`, async () => {
    const learningRate = constantRate({ rate: 0.01 });
    await assertFitIsReference({ ...deeper(6), optimizer, learningRate });
    await assertFitIsReference({ ...deeper(6), optimizer, learningRate, workers: 3 });
  });

  Deno.test(`fit() with ${name} is the same for 1, 2, 3, 5 workers, matrices in panels, and resumed`, async () => {
    const options = { ...deeper(40), optimizer, learningRate: constantRate({ rate: 0.01 }) };
    const [, middle, end] = await checkpointsOf(options);
    const hashes = [hashOf((await fit({ ...options, from: middle })).checkpoint)];
    for (const workers of [2, 3, 5]) {
      hashes.push(hashOf((await fit({ ...options, workers })).checkpoint));
    }
    assertEquals(hashes, Array(4).fill(hashOf(end)));
  });
}

Deno.test("fit() equals the reference bit for bit with every schedule", async () => {
  const given: Readonly<Record<string, object>> = {
    plateau: { metric: "train.loss" },
    warmUp: { steps: 3, then: { name: "linear" } },
  };
  for (const name of schedules.names) {
    const named = schedules.schema.parse({ name, ...given[name] });
    await assertFitIsReference({
      ...withoutValidation(),
      learningRate: schedules.create(named),
      epochs: 2,
    });
  }
});

/** The samples with every byte lifted, so that few are zero; and as 32-bit numbers. */
function lifted(split: FitOptions["train"]): FitOptions["train"] {
  return {
    ...split,
    samples: { ...split.samples, values: split.samples.values.map((v) => v | 1) },
  };
}

function asFloats(split: FitOptions["train"]): FitOptions["train"] {
  return {
    ...split,
    samples: { ...split.samples, values: Float32Array.from(split.samples.values) },
  };
}

Deno.test("fit() equals the reference for sparse, dense and 32-bit data, shifted and not", async () => {
  const [sparse, dense] = [TOY.train, lifted(TOY.train)];
  const data = { sparse8: sparse, dense8: dense, dense32: asFloats(dense) };
  for (const [encoding, train] of Object.entries(data)) {
    for (const per of [undefined, "feature", "all"] as const) {
      const normalization = per === undefined ? UNIT : standardize({ per })(train);
      const options = { ...withoutValidation(), train, normalization, epochs: 2 };
      assertEquals((await fit(options)).trained.encoding, encoding);
      await assertFitIsReference(options);
    }
  }
});

Deno.test("fit() reports its progress exactly, between epochs and after resuming", async () => {
  const [, afterFirst] = await checkpointsOf(TOY);
  const from = await stepsLater(TOY, afterFirst, 1);
  let progress: (() => Progress) | undefined;
  const seen: Progress[] = [];
  const records: EpochRecord[] = [];
  await fit({
    ...TOY,
    from,
    onStart: (running) => progress = running.progress,
    onCheckpoint: (_, epoch) => {
      if (progress !== undefined) seen.push(progress());
      if (epoch !== undefined) records.push(epoch);
      return Promise.resolve();
    },
  });
  const [second, third] = records as [EpochRecord, EpochRecord];
  const common = { epochs: 3, steps: 12, learningRate: 0.5 };
  assertEquals(seen, [
    { ...common, epoch: 2, step: 8, stepsTaken: 3, samples: 37, train: second.train },
    { ...common, epoch: 3, step: 12, stepsTaken: 7, samples: 37 + 53, train: third.train },
  ]);
});

Deno.test("fit() never reports less progress than before", async () => {
  const seen: Progress[] = [];
  const samples = brightSamples(1201);
  let timer: ReturnType<typeof setInterval> | undefined;
  await fit({
    ...TOY,
    batchSize: 2,
    epochs: 4,
    train: splitOf(samples, 0, 1001),
    validation: splitOf(samples, 1001),
    onStart: ({ progress }) => timer = setInterval(() => seen.push(progress())),
  });
  clearInterval(timer);
  const steps = seen.map(({ step }) => step);
  assertEquals(steps, steps.toSorted((a, b) => a - b));
  for (const { epoch, step } of seen) {
    assert(step >= (epoch - 1) * 501 && step <= epoch * 501, `step ${step} of epoch ${epoch}`);
  }
});

Deno.test("fit() rejects a checkpoint of another training", async () => {
  const [, checkpoint] = await checkpointsOf(TOY) as [Checkpoint, Checkpoint];
  const at = (epoch: number, step: number) => ({ ...checkpoint, position: { epoch, step } });
  for (const [epoch, step] of [[1, 3], [1, 8], [3, 13], [4, 16], [0, 4]] as const) {
    await assertRejects(
      () => fit({ ...TOY, from: at(epoch, step) }),
      RangeError,
      "Cannot resume: expected a step of the 4 in each of 3 epochs: " +
        `received step ${step} after ${epoch} epochs`,
    );
  }
  const short = new Map([["all.parameters", new Float32Array(3)]]);
  await assertRejects(
    () => fit({ ...TOY, from: { ...checkpoint, state: short } }),
    RangeError,
    'Cannot set state "all.parameters": expected 111 numbers: received 3',
  );
  await assertRejects(
    () => fit({ ...TOY, from: { ...checkpoint, state: new Map() } }),
    RangeError,
    'Cannot set state "all.parameters": expected 111 numbers: received none',
  );
});

Deno.test("fit() does not change its options", async () => {
  const frozen = Object.freeze({ ...TOY, learningRate: constantRate({ rate: 0.5 }) });
  const before = structuredClone(frozen.train);
  await fit(frozen);
  assertEquals(frozen.train, before);
});

Deno.test("fit() gives the same bits however often a checkpoint is requested, and resumes from each", async () => {
  const options = { ...TOY, epochs: 30 };
  const expected = (await fit(options)).checkpoint;
  const requested: Checkpoint[] = [];
  let request: () => void = () => {};
  const { checkpoint } = await fit({
    ...options,
    onStart({ requestCheckpoint }) {
      request = requestCheckpoint;
      queueMicrotask(request);
    },
    onCheckpoint(reached, epoch) {
      if (epoch === undefined) requested.push(reached);
      setTimeout(request, 0);
      return Promise.resolve();
    },
  });
  assertEquals(checkpoint, expected);
  const within = requested.filter(({ position }) => position.step % PER_EPOCH !== 0);
  assertGreater(within.length, 0);
  for (const from of [...within.slice(0, 3), ...within.slice(-3)]) {
    assertEquals((await fit({ ...options, from })).checkpoint, expected);
  }
});
