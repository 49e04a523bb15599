/** Refinements of the training loop: equal bits on the machine and by the reference, resumed or not. */
import { assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { batchNorm, dense, network, relu } from "../../lib/nn/mod.ts";
import type { Checkpoint } from "../../lib/run/checkpoint.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import {
  adam,
  exponentialAverage,
  momentum,
  parametersOf,
  plateau,
  stochasticAverage,
  updateGroups,
  warmUp,
} from "../../lib/train/mod.ts";
import { CLASSES, FEATURES, hashOf, TOY, withoutValidation } from "./toy.ts";
import { referenceFit } from "./reference_fit.ts";

/** 14-40-3: the first weights lie in panels. */
const WIDE = network([
  dense({ units: 40, regularization: { maxNorm: 1.5 } }),
  relu(),
  dense({ units: CLASSES }),
], FEATURES);

/** Refinements by what they are called. */
const REFINEMENTS: Readonly<Record<string, Partial<FitOptions>>> = {
  "adversarial training": { adversarial: { radius: 0.5 } },
  "clipping by norm": { clip: { norm: 0.5 } },
  "clipping by value": { clip: { value: 0.01 } },
  "L1 and L2": { regularization: { l1: 0.01, l2: 0.02 } },
  "decay": { regularization: { weightDecay: 0.1 }, optimizer: adam() },
  "the length of weights limited": { network: WIDE, optimizer: momentum() },
  "accumulation": { accumulate: 3 },
  "an exponential average": { averaging: exponentialAverage({ decay: 0.5 }) },
  "a stochastic average": { averaging: stochasticAverage({ from: 0.5 }) },
  "all of them": {
    network: WIDE,
    optimizer: adam(),
    adversarial: { radius: 1, share: 0.3 },
    clip: { norm: 0.5, value: 0.2 },
    regularization: { l1: 0.001, l2: 0.01, weightDecay: 0.05 },
    accumulate: 2,
    averaging: exponentialAverage({ decay: 0.9 }),
  },
};

for (const [name, refined] of Object.entries(REFINEMENTS)) {
  Deno.test(`fit() with ${name} equals the reference bit for bit, by 1 and 3 workers`, async () => {
    const options: FitOptions = { ...withoutValidation(), ...refined };
    const expected = referenceFit(options);
    for (const workers of [1, 3]) {
      const { checkpoint: { state, history } } = await fit({ ...options, workers });
      assertEquals(Object.fromEntries(state), expected.state);
      const { loss, correct, gradientNorm } = history.steps;
      const steps = Array.from(loss, (loss, i) => ({
        loss,
        correct: correct[i],
        gradientNorm: gradientNorm[i],
      }));
      // The global norm of a gradient in panels is summed in another order, see `dot`
      if (options.network !== WIDE) assertEquals(steps, expected.steps);
    }
  });
}

/** Options of a training whose rate and end depend on its scores. */
const STEERED: FitOptions = {
  ...TOY,
  network: WIDE,
  optimizer: adam(),
  epochs: 12,
  accumulate: 2,
  averaging: exponentialAverage({ decay: 0.9 }),
  validateEvery: { steps: 3 },
  earlyStopping: { metric: "average.accuracy", patience: 3 },
  learningRate: (step, { scores }) => scores.some((score) => score.step < step) ? 0.01 : 0.1,
};

Deno.test("fit() scores weights and averages at the requested steps, and at the end", async () => {
  const { earlyStopping: _, ...options } = STEERED;
  const { checkpoint: { history } } = await fit({ ...options, epochs: 3 });
  const within = history.epochs.map((epoch) => epoch.within?.map(({ step }) => step));
  assertEquals(within, [[3], [6], [9]]); // 12 is the end of an epoch of four steps, and the last
  assertEquals(history.epochs.map(({ validation }) => validation !== undefined), [
    false,
    false,
    true,
  ]);
  const scored = history.epochs[0]?.within?.[0];
  assertEquals(Object.keys(scored ?? {}), ["step", "validation", "average"]);
  // 22 validation samples, and other weights
  assertGreater(Math.abs((scored?.average?.loss ?? 0) - (scored?.validation?.loss ?? 0)), 1e-4);
});

Deno.test("fit() scores every second epoch if requested, and the last", async () => {
  const { checkpoint } = await fit({ ...TOY, validateEvery: { epochs: 2 } });
  const scored = checkpoint.history.epochs.map(({ validation }) => validation !== undefined);
  assertEquals(scored, [false, true, true]);
});

Deno.test("fit() passes a schedule the scores of earlier steps, and no later ones", async () => {
  const { checkpoint } = await fit({ ...STEERED, epochs: 1 });
  // Scores at step 3; the steps after it are of the second update
  assertEquals([...checkpoint.history.steps.learningRate].map((rate) => rate.toFixed(2)), [
    "0.10",
    "0.10",
    "0.10",
    "0.10",
  ]);
  const { checkpoint: later } = await fit({ ...STEERED, epochs: 2 });
  assertEquals(later.history.steps.learningRate[4]?.toFixed(2), "0.01");
});

Deno.test("fit() stops early, and ends with the weights of the best score", async () => {
  const kept: Checkpoint[] = [];
  const onBest = (checkpoint: Checkpoint) => Promise.resolve(void kept.push(checkpoint));
  const options = { ...STEERED, epochs: 100, onBest };
  const { checkpoint, finished, trained, raw } = await fit(options);
  assertEquals(finished, true);
  assertLess(checkpoint.position.step, 400);
  const best = kept[kept.length - 1];
  assertLess(best.position.step, checkpoint.position.step);
  const layout = { network: WIDE, groups: updateGroups(WIDE, options) };
  const averages = parametersOf(layout, best.state, (name) => `average.${name}`);
  assertEquals(trained.parameters, averages);
  assertEquals(raw?.parameters, parametersOf(layout, best.state));
});

Deno.test("fit() whose rate depends on scores resumes from any checkpoint with the same bits", async () => {
  const kept: { checkpoint: Checkpoint; best: Checkpoint | undefined }[] = [];
  let best: Checkpoint | undefined;
  const options: FitOptions = {
    ...STEERED,
    epochs: 100,
    onBest: (checkpoint) => Promise.resolve(void (best = checkpoint)),
    onCheckpoint: (checkpoint) => Promise.resolve(void kept.push({ checkpoint, best })),
  };
  const end = await fit(options);
  assertGreater(kept.length, 3);
  for (const { checkpoint: from, best: fromBest } of kept) {
    for (const workers of [1, 3]) {
      const again = await fit({ ...STEERED, epochs: 100, from, fromBest, workers });
      assertEquals(hashOf(again.checkpoint), hashOf(end.checkpoint));
      assertEquals(again.trained.parameters, end.trained.parameters);
    }
  }
});

Deno.test("fit() rejects a resumption without the best checkpoint that it needs", async () => {
  let from: Checkpoint | undefined;
  await fit({
    ...STEERED,
    onCheckpoint: (checkpoint) => Promise.resolve(void (from ??= checkpoint)),
  });
  await assertRejects(
    () => fit({ ...STEERED, from: from as Checkpoint }),
    RangeError,
    'Cannot resume: expected the best checkpoint by "average.accuracy", of step 3: received none',
  );
});

Deno.test("fit() rejects options that depend on scores which are never computed", async () => {
  await assertRejects(
    () => fit({ ...withoutValidation(), earlyStopping: {} }),
    RangeError,
    'Cannot monitor "validation.loss": expected a validation split: received none',
  );
  const learningRate = warmUp({ then: plateau() });
  await assertRejects(
    () => fit({ ...withoutValidation(), learningRate }),
    RangeError,
    'Cannot monitor "validation.loss": expected a validation split: received none',
  );
  await assertRejects(
    () => fit({ ...TOY, best: "average.loss" }),
    RangeError,
    'Cannot monitor "average.loss": expected averaged weights: received none',
  );
});

Deno.test("fit() starts with given parameters instead of random ones", async () => {
  const { trained } = await fit(TOY);
  const signal = AbortSignal.abort();
  const { checkpoint, trained: start } = await fit({
    ...TOY,
    signal,
    initial: trained.parameters,
    averaging: exponentialAverage(),
  });
  assertEquals(checkpoint.position.step, 0);
  assertEquals(start.parameters, trained.parameters); // the average, too
});

Deno.test("fit() rejects a last batch of one sample before its first step if layers need two", async () => {
  // 53 samples in batches of 13 leave one, of which there is no variance
  const normed = network([dense({ units: CLASSES }), batchNorm()], FEATURES);
  await assertRejects(
    () => fit({ ...TOY, network: normed, batchSize: 13 }),
    RangeError,
    "expected at least 2 samples a step, the last of an epoch included",
  );
});
