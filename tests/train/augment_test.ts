import { assertEquals, assertNotEquals } from "@std/assert";
import { augmentations, imageDeformations } from "../../lib/data/augment/mod.ts";
import { standardize } from "../../lib/data/normalize/standardize.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import { checkpointsOf, CLASSES, hashOf, splitOf, TOY } from "./toy.ts";

const named = (...names: readonly string[]) =>
  imageDeformations(
    names.map((name) => augmentations.create(augmentations.schema.parse({ name }))),
    TOY.train.samples,
  );

const ALL = named("affine", "elastic", "cutout", "mixup", "noise");

/** The toy's images, 2 × 7, augmented in every way; standardized, so that sparse rows are shifted too. */
const AUGMENTED = {
  ...TOY,
  normalization: standardize({ per: "feature" })(TOY.train),
  deformations: ALL,
};

Deno.test("fit() on images augmented in every way ends with the same bytes for any number of workers", async () => {
  const { checkpoint } = await fit(AUGMENTED);
  for (const workers of [2, 3, 5]) {
    assertEquals(hashOf((await fit({ ...AUGMENTED, workers })).checkpoint), hashOf(checkpoint));
  }
  const plain = await fit({ ...AUGMENTED, deformations: undefined });
  assertNotEquals(hashOf(plain.checkpoint), hashOf(checkpoint));
});

Deno.test("fit() on augmented images resumes from any checkpoint with the same bytes", async () => {
  const checkpoints = await checkpointsOf(AUGMENTED);
  const last = hashOf(checkpoints.at(-1)!);
  for (const from of checkpoints.slice(0, -1)) {
    assertEquals(hashOf((await fit({ ...AUGMENTED, from, workers: 2 })).checkpoint), last);
  }
});

Deno.test("fit() validates on images without augmentation", async () => {
  const { trained, checkpoint } = await fit(AUGMENTED);
  const { loss } = await evaluateSplit(trained, "validation", TOY.validation);
  assertEquals(checkpoint.history.epochs.at(-1)?.validation?.loss, loss);
});

Deno.test("evaluateSplit() averages over copies that do not depend on workers or on the batch", async () => {
  const { trained } = await fit(AUGMENTED);
  const turned = named("affine", "elastic");
  if (turned === undefined) throw new TypeError("expected augmentations");
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

Deno.test("evaluateSplit() is the mean over the sample and its copies, each drawn separately", async () => {
  const { trained } = await fit(AUGMENTED);
  const turned = named("affine");
  if (turned === undefined) throw new TypeError("expected augmentations");
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
