import { assertAlmostEquals, assertEquals } from "@std/assert";
import { standardize } from "../../../lib/data/normalize/standardize.ts";
import type { Split } from "../../../lib/data/dataset.ts";
import { fit } from "../../../lib/train/fit.ts";
import { evaluateSplit, evaluateSplits } from "../../../lib/train/inference/evaluate.ts";
import type { Trained } from "../../../lib/train/inference/trained.ts";
import { countRight, predictedClasses } from "../../../lib/evaluate/mod.ts";
import { brightSamples, CLASSES, splitOf, TOY } from "../toy.ts";

/** The toy, trained with a shift, so that the sparse rows are shifted where they are asked too. */
async function trained(): Promise<{ readonly network: Trained; readonly score: unknown }> {
  const normalization = standardize({ per: "feature" })(TOY.train);
  const { trained, checkpoint } = await fit({ ...TOY, normalization });
  return { network: trained, score: checkpoint.history.epochs.at(-1)?.validation };
}

Deno.test("evaluateSplit() gives exactly the score that fit() stored for the last epoch", async () => {
  const { network, score } = await trained();
  const { loss, probabilities, labels, rows, split } = await evaluateSplit(
    network,
    "validation",
    TOY.validation,
  );
  const predicted = predictedClasses(probabilities, { samples: 22, classes: CLASSES });
  assertEquals({ loss, accuracy: countRight(labels, predicted) / 22 }, score);
  assertEquals([split, rows], ["validation", TOY.validation.rows]);
  assertEquals([...labels], [...rows].map((row) => row % CLASSES));
});

Deno.test("evaluateSplits() gives for each split what evaluateSplit() does", async () => {
  const { network } = await trained();
  const splits = [
    { name: "validation", split: TOY.validation },
    { name: "test", split: splitOf(brightSamples(300)) },
    { name: "train", split: TOY.train },
  ] as const;
  const alone = [];
  for (const { name, split } of splits) alone.push(await evaluateSplit(network, name, split));
  for (const workers of [1, 2, 3]) {
    assertEquals(await evaluateSplits(network, splits, { workers }), alone);
  }
  assertEquals(alone.map(({ labels }) => labels.length), [22, 300, TOY.train.rows.length]);
});

Deno.test("evaluateSplit() gives the same bits in any batches", async () => {
  const { network } = await trained();
  const samples = brightSamples(600); // more than two of its batches of 256
  const all = await evaluateSplit(network, "test", splitOf(samples));
  for (const [from, to] of [[0, 1], [0, 7], [5, 261], [250, 263], [255, 511], [0, 599]] as const) {
    const { probabilities } = await evaluateSplit(network, "test", splitOf(samples, from, to));
    assertEquals(probabilities, all.probabilities.slice(from * CLASSES, to * CLASSES));
  }
  const reversed: Split = { samples, rows: splitOf(samples).rows.toReversed() };
  const { probabilities } = await evaluateSplit(network, "test", reversed);
  assertEquals(probabilities.slice(-CLASSES), all.probabilities.slice(0, CLASSES));
});

Deno.test("evaluateSplit() gives probabilities: positive, with the sum 1", async () => {
  const { network } = await trained();
  const { probabilities } = await evaluateSplit(network, "test", splitOf(brightSamples(9)));
  for (let row = 0; row < 9; row++) {
    const of = probabilities.subarray(row * CLASSES, (row + 1) * CLASSES);
    // three quotients, each rounded by at most half a unit of 2⁻²⁴, and the rounded sum beneath
    assertAlmostEquals(of.reduce((sum, p) => sum + p, 0), 1, 6 * 2 ** -24);
    assertEquals(of.every((p) => p >= 0 && p <= 1), true);
  }
});
