import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/dataset.ts";
import { stratifyFold } from "../../lib/data/split/folds.ts";
import { split } from "../../lib/data/split/split.ts";
import { stratify } from "../../lib/data/split/stratify.ts";
import { key } from "../../lib/tensor/random.ts";

/** A data set of which only labels matter. */
function labelled(labels: readonly number[], testCount?: number): Dataset {
  const samples = (labels: Uint16Array<ArrayBuffer>) => ({
    count: labels.length,
    shape: [1],
    values: new Uint8Array(labels.length),
    labels,
  });
  return {
    name: "labelled",
    classes: ["zero", "one", "two", "three"],
    train: samples(Uint16Array.from(labels)),
    ...(testCount === undefined ? {} : { test: samples(new Uint16Array(testCount)) }),
    hashes: [],
  };
}

const LABELS = Array.from({ length: 100 }, (_, row) => row % 10 < 5 ? 0 : row % 10 < 8 ? 1 : 2);

Deno.test("split() holds out the same fraction of every class, exactly if it is a whole number", () => {
  const splits = split(labelled(LABELS, 7), { validation: 20, seed: 1 });
  const rows = splits.validation?.rows ?? new Uint32Array();
  const counts = [0, 1, 2].map((label) => rows.filter((row) => LABELS[row] === label).length);
  assertEquals(counts, [10, 6, 4]); // a fifth of 50, 30 and 20
  assertEquals(splits.train.rows.length, 80);
  assertEquals([...splits.test?.rows ?? []], [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("split() interprets numbers below 1 as fractions and from 1 on as counts", () => {
  const sizes = (validation: number) => {
    const { train, validation: held } = split(labelled(LABELS), { validation, seed: 1 });
    return [train.rows.length, held?.rows.length];
  };
  assertEquals(sizes(0.25), [75, 25]);
  assertEquals(sizes(0.254), [75, 25]);
  assertEquals(sizes(1), [99, 1]);
  assertEquals(sizes(0), [100, undefined]);
});

Deno.test("split() is a pure function of the seed", () => {
  const rows = (seed: number) =>
    split(labelled(LABELS), { validation: 20, seed }).validation?.rows ?? new Uint32Array();
  assertEquals(rows(42), rows(42));
  assertNotEquals(rows(42), rows(43));
  // must not change: runs that were made would no longer be repeated
  const unchanged = [0, 8, 10, 15, 17, 26, 32, 39, 44, 60, 61, 63, 66, 69, 71, 79, 83, 86, 87, 91];
  assertEquals([...rows(42)], unchanged);
});

Deno.test("split() copies no samples", () => {
  const dataset = labelled(LABELS);
  const { train, validation } = split(dataset, { validation: 20, seed: 1 });
  assertEquals(train.samples === dataset.train && validation?.samples === dataset.train, true);
});

Deno.test("stratify() returns two rising lists that partition the rows, within one row of the quota", () => {
  const labels = fc.array(fc.nat(3), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(labels, fc.nat(), fc.nat(), (labels, wanted, seed) => {
      const held = wanted % labels.length;
      const counts = [0, 1, 2, 3].map((each) => labels.filter((label) => label === each).length);
      let rows: ReturnType<typeof stratify>;
      try {
        const all = Uint16Array.from(labels);
        rows = stratify(all, ["a", "b", "c", "d"], { held, key: key(seed) });
      } catch (error) {
        // it may only refuse where a class would lose its last row: quota rounded up = count
        assertEquals(error instanceof RangeError, true);
        const lost = counts.some((n) => n > 0 && Math.ceil((held * n) / labels.length) === n);
        assertEquals(lost, true);
        return;
      }
      const { kept, taken } = rows;
      assertEquals(taken.length, held);
      assertEquals(kept, kept.toSorted());
      assertEquals(taken, taken.toSorted());
      assertEquals([...kept, ...taken].sort((a, b) => a - b), [...labels.keys()]);
      counts.forEach((count, label) => {
        const quota = (held * count) / labels.length;
        const given = taken.filter((row) => labels[row] === label).length;
        assertEquals(Math.abs(given - quota) < 1 && given < Math.max(count, 1), true);
      });
    }),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("stratify() gives remaining rows to the largest remainders, then to earlier classes", () => {
  // 7 of 20 rows; quotas of 8, 8 and 4 rows: 2.8, 2.8 and 1.4, so 2 + 2 + 1 and two rows more
  const labels = Uint16Array.from({ length: 20 }, (_, row) => row < 8 ? 0 : row < 16 ? 1 : 2);
  const { taken } = stratify(labels, ["a", "b", "c"], { held: 7, key: key(5) });
  const counts = [0, 1, 2].map((label) => taken.filter((row) => labels[row] === label).length);
  assertEquals(counts, [3, 3, 1]);
  // 2 of 9 rows, three equal classes: quotas 2/3 each, the first two win
  const equal = Uint16Array.of(2, 1, 0, 2, 1, 0, 2, 1, 0);
  const two = stratify(equal, ["a", "b", "c"], { held: 2, key: key(5) }).taken;
  assertEquals(Array.from(two, (row) => equal[row]).sort(), [0, 1]);
});

Deno.test("split() rejects numbers that are not fractions or counts, or are too large", () => {
  const cut = (validation: number, labels: readonly number[] = LABELS) =>
    assertThrows(() => split(labelled(labels), { validation, seed: 1 }), RangeError).message;
  assertEquals(
    cut(1.5),
    "Cannot split 100 samples: expected as validation a share from 0 to below 1 or a whole " +
      "number: received 1.5",
  );
  cut(-1);
  cut(NaN);
  cut(Infinity);
  assertEquals(
    cut(100),
    "Cannot split 100 samples: expected to hold out 0 to 99: received 100",
  );
  assertEquals(
    cut(0.001),
    "Cannot split 100 samples: expected a share of at least 1 sample: received 0.001",
  );
  assertEquals(
    cut(4, [0, 0, 0, 0, 0, 3]), // quotas 3 1/3 and 2/3
    'Cannot split 6 samples: expected at least 1 of class "three" to learn from: ' +
      "holding out 4 takes all 1",
  );
});

Deno.test("split() holds out test samples first, independently of the other options", () => {
  const splits = split(labelled(LABELS), { test: 0.2, validation: 0.25, seed: 1 });
  const [train, validation, test] = [splits.train, splits.validation, splits.test].map((
    split,
  ) => [...split?.rows ?? []]);
  const counts = [0, 1, 2].map((label) => test?.filter((row) => LABELS[row] === label).length);
  assertEquals(counts, [10, 6, 4]); // a fifth of 50, 30 and 20
  assertEquals([train?.length, validation?.length], [60, 20]); // a quarter of the 80 that are left
  const all = [...train ?? [], ...validation ?? [], ...test ?? []];
  assertEquals(all.sort((a, b) => a - b), [...LABELS.keys()]);
  assertEquals(splits.test?.samples === splits.train.samples, true);
  const others = [{ validation: 0 }, { validation: 7 }, { folds: 4, fold: 2 }];
  for (const other of others) {
    const { test: same } = split(labelled(LABELS), { test: 20, seed: 1, ...other });
    assertEquals([...same?.rows ?? []], test);
  }
  // must not change: runs that were made would no longer be repeated
  const unchanged = [8, 24, 27, 36, 39, 40, 47, 49, 50, 52, 53, 55, 56, 60, 62, 69, 72, 73, 74, 85];
  assertEquals(test, unchanged);
});

Deno.test("split() divides samples into folds, each of which validates once", () => {
  const splits = [1, 2, 3].map((fold) => split(labelled(LABELS), { folds: 3, fold, seed: 1 }));
  assertEquals(splits.map(({ validation }) => validation?.rows.length), [34, 33, 33]);
  const all = splits.flatMap(({ validation }) => [...validation?.rows ?? []]);
  assertEquals(all.sort((a, b) => a - b), [...LABELS.keys()]);
  for (const { train, validation } of splits) {
    assertEquals(train.rows.length + (validation?.rows.length ?? 0), 100);
    const held = new Set(validation?.rows);
    assertEquals(train.rows.some((row) => held.has(row)), false);
  }
  const first = (seed: number) => split(labelled(LABELS), { folds: 3, fold: 1, seed }).validation;
  assertNotEquals(first(1)?.rows, first(2)?.rows);
});

Deno.test("stratifyFold() distributes every class evenly, up to one row", () => {
  const labels = fc.array(fc.nat(3), { minLength: 8, maxLength: 200 });
  fc.assert(
    fc.property(labels, fc.integer({ min: 2, max: 8 }), fc.nat(), (labels, folds, seed) => {
      const counts = [0, 1, 2, 3].map((each) => labels.filter((label) => label === each).length);
      fc.pre(!counts.includes(1));
      const all = Uint16Array.from(labels);
      const cut = Array.from(
        { length: folds },
        (_, i) => stratifyFold(all, ["a", "b", "c", "d"], { folds, fold: i + 1, key: key(seed) }),
      );
      const rows = cut.flatMap(({ taken }) => [...taken]);
      assertEquals(rows.sort((a, b) => a - b), [...labels.keys()]);
      const isEven = (sizes: readonly number[]) => Math.max(...sizes) - Math.min(...sizes) <= 1;
      assertEquals(isEven(cut.map(({ taken }) => taken.length)), true);
      for (const { kept, taken } of cut) {
        assertEquals([kept, taken], [kept.toSorted(), taken.toSorted()]);
        assertEquals(kept.length + taken.length, labels.length);
      }
      counts.forEach((count, label) => {
        const of = (rows: Uint32Array) => rows.filter((row) => labels[row] === label).length;
        assertEquals(isEven(cut.map(({ taken }) => of(taken))), true);
        assertEquals(cut.every(({ kept }) => count === 0 || of(kept) > 0), true);
      });
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("split() rejects a second test split, and impossible folds", () => {
  const cut = (options: Omit<Parameters<typeof split>[1], "seed">, dataset = labelled(LABELS)) =>
    assertThrows(() => split(dataset, { ...options, seed: 1 }), RangeError).message;
  assertEquals(
    cut({ test: 0.5, validation: 0 }, labelled(LABELS, 7)),
    'Cannot split "labelled": expected no "test" for a data set with 7 test samples of its own: ' +
      "received 0.5",
  );
  assertEquals(
    cut({ test: 1.5, validation: 0 }),
    "Cannot split 100 samples: expected as test a share from 0 to below 1 or a whole number: " +
      "received 1.5",
  );
  assertEquals(
    cut({ test: 50, validation: 50 }),
    "Cannot split 50 samples: expected to hold out 0 to 49: received 50",
  );
  const expected = "Cannot split 100 samples: expected 2 to 100 folds and one of them, from 1: ";
  assertEquals(cut({ folds: 101, fold: 1 }), `${expected}received 101 folds`);
  assertEquals(cut({ folds: 1, fold: 1 }), `${expected}received 1 folds`);
  assertEquals(cut({ folds: 5, fold: 6 }), `${expected}received fold 6 of 5`);
  assertEquals(
    cut({ folds: 2, fold: 1 }, labelled([0, 0, 3, 0])),
    'Cannot split 4 samples: expected at least 2 of class "three" for folds: received 1',
  );
});
