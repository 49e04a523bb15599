/** Statistics of data before training, compared with hand computations. */
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { Dataset, Samples, Split } from "../../../lib/data/dataset.ts";
import { findDuplicates } from "../../../lib/analysis/explore/duplicates.ts";
import { exploreDataset } from "../../../lib/analysis/explore/explore.ts";
import {
  classDifferences,
  featureStatistics,
  valueStatistics,
} from "../../../lib/analysis/explore/features.ts";
import { projectOnPlane } from "../../../lib/analysis/explore/plane.ts";
import { split } from "../../../lib/data/split/split.ts";
import { allRows } from "../../../lib/data/split/stratify.ts";

/** Samples of so many features each, with a class each. */
function samplesOf(
  values: Samples["values"],
  labels: readonly number[],
  shape: readonly number[] = [values.length / labels.length],
): Samples {
  return { count: labels.length, shape, values, labels: Uint16Array.from(labels) };
}

/** All of some samples. */
function whole(samples: Samples): Split {
  return { samples, rows: allRows(samples.count) };
}

Deno.test("featureStatistics() equals a hand computation for four samples of two features", () => {
  const samples = samplesOf(Uint8Array.of(9, 9, 0, 5, 2, 5, 4, 5, 6, 5), [0, 0, 1, 1, 0]);
  const statistics = featureStatistics({ samples, rows: Uint32Array.of(1, 2, 3, 4) });
  // 0, 2, 4, 6: mean 3, mean square of −3, −1, 1, 3 is 5
  assertEquals(statistics, {
    min: Float64Array.of(0, 5),
    max: Float64Array.of(6, 5),
    mean: Float64Array.of(3, 5),
    deviation: Float64Array.of(Math.sqrt(5), 0),
    nonZero: Float64Array.of(0.75, 1),
  });
});

Deno.test("valueStatistics() equals a hand computation for all values together", () => {
  const samples = samplesOf(Uint8Array.of(0, 5, 2, 5, 4, 5, 6, 5), [0, 1, 1, 0]);
  const { deviation, ...others } = valueStatistics(featureStatistics(whole(samples)));
  assertEquals(others, { min: 0, max: 6, mean: 4, zeros: 0.125 });
  // squared distances from 4: 16 + 4 + 0 + 4 and four times 1, over 8 values: 3.5; the sum of squared
  // roots is rounded a few times, each by 2⁻⁵³ at most
  assertAlmostEquals(deviation, Math.sqrt(3.5), 8 * Number.EPSILON);
});

Deno.test("classDifferences() equals the published correlation ratio of scores in three topics", () => {
  // Algebra, geometry and statistics: means 36, 33 and 78, of all 52; squared distances between the
  // topics add up to 6,780, and all to 9,640 (the example in Wikipedia's "Correlation ratio")
  const scores = [45, 70, 29, 15, 21, 40, 20, 30, 42, 65, 95, 80, 70, 85, 73];
  const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3];
  const split = whole(samplesOf(Uint8Array.from(scores), labels));
  const { classes, explained } = classDifferences(split, featureStatistics(split), 2);
  assertEquals(classes.map(({ label, count }) => [label, count]), [[0, 5], [1, 4]]);
  assertEquals(classes.map(({ mean }) => mean[0]), [36, 33]);
  assertEquals(classes[0]?.deviation[0], Math.sqrt(1952 / 5));
  // the root of the variance is squared again: a few roundings
  assertAlmostEquals(explained[0], 6780 / 9640, 8 * Number.EPSILON);
});

Deno.test("classDifferences() is NaN for a constant feature, and at most 1", () => {
  const split = whole(samplesOf(Float32Array.of(7, 0.1, 7, 0.1, 7, 0.7, 7, 0.7), [0, 0, 1, 1]));
  const { explained } = classDifferences(split, featureStatistics(split), 2);
  assert(Number.isNaN(explained[0]));
  assertAlmostEquals(explained[1], 1, 8 * Number.EPSILON);
  assert(explained[1] <= 1);
});

Deno.test("findDuplicates() finds equal samples within and across splits, and whether their classes agree", () => {
  const train = samplesOf(Uint8Array.of(1, 2, 3, 4, 1, 2, 1, 2, 5, 6, 3, 4), [0, 1, 0, 1, 2, 1]);
  const test = samplesOf(Uint8Array.of(5, 6, 7, 8, 1, 2, 7, 8), [2, 0, 0, 0]);
  const splits = {
    train: { samples: train, rows: Uint32Array.of(0, 1, 2, 3, 4) },
    validation: { samples: train, rows: Uint32Array.of(5) },
    test: whole(test),
  };
  const { repetitions, groups, listed } = findDuplicates(splits, 3);
  const of = (split: string, within: string) => {
    const found = repetitions.find((each) => each.split === split && each.within === within);
    return [found?.samples, found?.contradictions];
  };
  // train 2 repeats train 0, and train 3 both of them as another class
  assertEquals(of("train", "train"), [2, 1]);
  assertEquals(of("validation", "train"), [1, 0]);
  assertEquals(of("validation", "validation"), [0, 0]);
  assertEquals(of("test", "train"), [2, 1]); // test 0 agrees; one equal of test 2 has another class
  assertEquals(of("test", "validation"), [0, 0]);
  assertEquals(of("test", "test"), [1, 0]);
  assertEquals(repetitions.length, 6);
  assertEquals(groups, 4);
  const words = listed.map((group) =>
    group.map(({ split, row, label }) => `${split} ${row}: ${label}`).join(", ")
  );
  assertEquals(words, [
    "train 0: 0, train 2: 0, train 3: 1, test 2: 0",
    "train 1: 1, validation 5: 1",
    "train 4: 2, test 0: 2",
  ]);
});

Deno.test("findDuplicates() treats only numbers with equal bits as equal", () => {
  const values = Float32Array.of(0.1, 0.2, 0.1, 0.20000002, 0.1, 0.2);
  const { repetitions, groups } = findDuplicates({ train: whole(samplesOf(values, [0, 0, 0])) }, 9);
  assertEquals([groups, repetitions[0]?.samples], [1, 1]);
});

Deno.test("findDuplicates() finds all duplicates among thousands of samples, even with equal hashes", () => {
  // 20,000 rows of the numbers below 2¹⁴ in two bytes: all but the first of each are repeats
  const count = 20_000;
  const numbers = Array.from({ length: count }, (_, i) => (i * 7919) % 2 ** 14);
  const values = Uint8Array.from(numbers.flatMap((number) => [number >> 8, number & 255]));
  const split = whole(samplesOf(values, numbers.map(() => 0)));
  const { repetitions: [repetition], groups } = findDuplicates({ train: split }, 1);
  const distinct = new Set(numbers).size;
  assertEquals(repetition?.samples, count - distinct);
  assertEquals(groups, count - distinct); // none is there three times: 20,000 < 2 · 2¹⁴
});

Deno.test("findDuplicates() takes linear time if all samples are equal", () => {
  const split = whole(samplesOf(new Uint8Array(60_000), new Array(60_000).fill(3)));
  const { repetitions: [repetition] } = findDuplicates({ train: split }, 1);
  assertEquals(repetition, { split: "train", within: "train", samples: 59_999, contradictions: 0 });
});

const OPTIONS = { seed: 1, mostSamples: 100, mostFeatures: 100 };

Deno.test("projectOnPlane() projects points on a line along this line, and does not scale arrays", () => {
  // (0, 0), (3, 4), (6, 8): 5 apart along (0.6, 0.8), and nothing across
  const samples = samplesOf(Uint8Array.of(0, 0, 3, 4, 6, 8), [0, 1, 1], [1, 2]);
  const plane = projectOnPlane(whole(samples), OPTIONS);
  assertEquals([plane?.features, plane?.scaled, [...plane?.labels ?? []]], [2, false, [0, 1, 1]]);
  // directions are kept in 32 bits: 2⁻²⁴ of distances up to 10
  [-5, 0, 5].forEach((place, i) => assertAlmostEquals(plane?.x[i] as number, place, 10 * 2 ** -24));
  [0, 0, 0].forEach((place, i) => assertAlmostEquals(plane?.y[i] as number, place, 10 * 2 ** -24));
  assertAlmostEquals(plane?.variances[0] as number, 25, 25 * 8 * Number.EPSILON);
});

Deno.test("projectOnPlane() scales the columns of a table to the same standard deviation", () => {
  const samples = samplesOf(Float32Array.of(0, 0, 1, 4000, 2, 2000, 1, 2000), [0, 0, 0, 0]);
  const plane = projectOnPlane(whole(samples), OPTIONS);
  assertEquals(plane?.scaled, true);
  // both have variance n ÷ (n − 1) after standardising, kept in 32 bits, and no correlation but ½
  const sum = (plane?.variances ?? new Float64Array()).reduce((a, b) => a + b, 0);
  assertAlmostEquals(sum, 2 * 4 / 3, 8 * 2 ** -24);
});

Deno.test("projectOnPlane() does not project a table with two columns", () => {
  const samples = samplesOf(Float32Array.of(0, 0, 1, 4000, 2, 2000, 1, 2000), [0, 1, 0, 1]);
  const plane = projectOnPlane(whole(samples), OPTIONS);
  assertEquals(plane?.isOfColumns, true);
  assertEquals([[...plane?.x ?? []], [...plane?.y ?? []]], [[0, 1, 2, 1], [0, 4000, 2000, 2000]]);
});

Deno.test("projectOnPlane() chooses samples and features by the seed, up to the largest numbers", () => {
  const values = Float32Array.from({ length: 50 * 20 }, (_, i) => (i * i) % 101);
  const split = whole(samplesOf(values, Array.from({ length: 50 }, (_, i) => i % 3)));
  const options = { mostSamples: 10, mostFeatures: 5 };
  const plane = projectOnPlane(split, { ...options, seed: 1 });
  assertEquals([plane?.rows.length, plane?.features, plane?.variances.length], [10, 5, 5]);
  assertEquals(plane?.rows, plane?.rows.toSorted());
  assertEquals(plane, projectOnPlane(split, { ...options, seed: 1 }));
  const other = projectOnPlane(split, { ...options, seed: 2 });
  assert(`${other?.rows}` !== `${plane?.rows}`);
});

Deno.test("projectOnPlane() is undefined for two samples, for one feature, and if nothing varies", () => {
  const none = (values: Uint8Array<ArrayBuffer>, count: number) =>
    projectOnPlane(whole(samplesOf(values, new Array(count).fill(0))), OPTIONS);
  assertEquals(none(Uint8Array.of(1, 2, 3, 4), 2), undefined);
  assertEquals(none(Uint8Array.of(1, 2, 3, 4), 4), undefined);
  assertEquals(none(new Uint8Array(8).fill(7), 4), undefined);
});

Deno.test("exploreDataset() is deterministic, does not change its input, and counts the samples of each split", () => {
  const values = Uint8Array.from({ length: 60 * 6 }, (_, i) => (i * 37) % 251);
  const train = samplesOf(values, Array.from({ length: 60 }, (_, i) => i % 4), [2, 3]);
  const dataset: Dataset = {
    name: "made up",
    train,
    classes: ["a", "b", "c", "d", "nobody"],
    hashes: [],
  };
  const before = structuredClone(dataset);
  const splits = split(dataset, { validation: 8, seed: 3 });
  const explored = exploreDataset(dataset, splits, 3);
  assertEquals(exploreDataset(dataset, splits, 3), explored);
  assertEquals(dataset, before);
  assertEquals(explored.splits.map(({ split, samples, counts }) => [split, samples, counts]), [
    ["train", 52, [13, 13, 13, 13, 0]],
    ["validation", 8, [2, 2, 2, 2, 0]],
  ]);
  assertEquals(explored.type, "8-bit");
  for (const { label, rows, values: kept } of explored.examples) {
    assertLess(rows.length, 8);
    rows.forEach((row, index) => {
      assertEquals(row % 4, label);
      assertEquals(kept.slice(index * 6, index * 6 + 6), values.slice(row * 6, row * 6 + 6));
    });
  }
});
