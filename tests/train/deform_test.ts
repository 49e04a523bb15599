import { assertEquals, assertNotEquals } from "@std/assert";
import { deformations, imageDeformations } from "../../lib/data/augment/mod.ts";
import { standardize } from "../../lib/data/normalize/standardize.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import { checkpointsOf, CLASSES, hashOf, splitOf, TOY } from "./toy.ts";

const named = (...names: readonly string[]) =>
  imageDeformations(
    names.map((name) => deformations.create(deformations.schema.parse({ name }))),
    TOY.train.samples,
  );

const ALL = named("affine", "elastic", "cutout", "mixup", "noise");

/** The toy's images, 2 × 7, deformed in every way; standardized, so that sparse rows are shifted too. */
const DEFORMED = {
  ...TOY,
  normalization: standardize({ per: "feature" })(TOY.train),
  deformations: ALL,
};

Deno.test("fit() on images deformed in every way ends in the same bytes for any number of workers", async () => {
  const { checkpoint } = await fit(DEFORMED);
  for (const workers of [2, 3, 5]) {
    assertEquals(hashOf((await fit({ ...DEFORMED, workers })).checkpoint), hashOf(checkpoint));
  }
  const plain = await fit({ ...DEFORMED, deformations: undefined });
  assertNotEquals(hashOf(plain.checkpoint), hashOf(checkpoint));
});

Deno.test("fit() on deformed images goes on from any checkpoint to the same bytes", async () => {
  const checkpoints = await checkpointsOf(DEFORMED);
  const last = hashOf(checkpoints.at(-1)!);
  for (const from of checkpoints.slice(0, -1)) {
    assertEquals(hashOf((await fit({ ...DEFORMED, from, workers: 2 })).checkpoint), last);
  }
});

Deno.test("fit() validates on images as they are", async () => {
  const { trained, checkpoint } = await fit(DEFORMED);
  const { loss } = await evaluateSplit(trained, "validation", TOY.validation);
  assertEquals(checkpoint.history.epochs.at(-1)?.validation?.loss, loss);
});

Deno.test("evaluateSplit() averages over copies that do not depend on workers or on the batch", async () => {
  const { trained } = await fit(DEFORMED);
  const turned = named("affine", "elastic");
  if (turned === undefined) throw new TypeError("expected deformations");
  const copies = (count: number) => ({ copies: { deformations: turned, seed: 5, count } });
  const ask = (count: number, workers = 1, split = TOY.validation) =>
    evaluateSplit(trained, "test", split, { ...copies(count), workers });
  const alone = await evaluateSplit(trained, "test", TOY.validation);
  assertEquals(await ask(0), alone);
  const averaged = await ask(4);
  assertNotEquals(averaged.probabilities, alone.probabilities);
  for (const workers of [2, 3]) assertEquals(await ask(4, workers), averaged);
  const few = await ask(4, 2, splitOf(TOY.validation.samples, 60, 67));
  assertEquals(few.probabilities, averaged.probabilities.slice(7 * CLASSES, 14 * CLASSES));
});

Deno.test("evaluateSplit() gives the mean over the sample and its copies, each drawn by itself", async () => {
  const { trained } = await fit(DEFORMED);
  const turned = named("affine");
  if (turned === undefined) throw new TypeError("expected deformations");
  const ask = async (count: number) =>
    (await evaluateSplit(trained, "test", TOY.validation, {
      copies: { deformations: turned, seed: 5, count },
    })).probabilities;
  const [none, one, two] = [await ask(0), await ask(1), await ask(2)];
  const first = one.map((mean, i) => 2 * mean - none[i]);
  const second = two.map((mean, i) => 3 * mean - 2 * one[i]);
  assertNotEquals(first, second);
  for (let i = 0; i < first.length; i++) {
    // Two roundings to single precision, three times as large: probabilities from 0 to 1
    for (const p of [first[i], second[i]]) {
      assertEquals(p > -6 * 2 ** -24 && p < 1 + 6 * 2 ** -24, true);
    }
  }
});
