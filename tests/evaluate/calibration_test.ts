import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  brierScore,
  calibrate,
  calibrationError,
  fitTemperature,
  negativeLogLikelihood,
  predictedClasses,
  type Predictions,
  reliabilityTable,
  scaleByTemperature,
  topKAccuracy,
} from "../../lib/evaluate/mod.ts";
import { ANALYSIS, assertRelative, predictionsOf } from "./fixtures.ts";

/** Sums of 60 numbers of about 1, each rounded to 1e-16 of itself, and as much on the other side. */
const TOLERANCE = 1e-13;

function predictions(labels: readonly number[], probabilities: readonly number[]): Predictions {
  return {
    labels: Uint16Array.from(labels),
    probabilities: Float32Array.from(probabilities),
  };
}

for (const { classes, ...fixture } of ANALYSIS.scores) {
  const given = predictionsOf(fixture);

  Deno.test(`topKAccuracy() of ${classes} classes equals scikit-learn's, with Wilson's interval`, () => {
    fixture.topK.forEach((expected, index) => {
      const { k, accuracy, interval } = topKAccuracy(given, { classes, k: index + 1 });
      assertEquals(k, index + 1);
      assertEquals(accuracy, expected); // a quotient of the same whole numbers
      assert(interval !== null && interval[0] < expected && expected <= interval[1]);
    });
  });

  Deno.test(`brierScore() of ${classes} classes equals NumPy's`, () => {
    assertAlmostEquals(brierScore(given, classes) ?? NaN, fixture.brier, TOLERANCE);
  });

  Deno.test(`negativeLogLikelihood() of ${classes} classes equals scikit-learn's log loss`, () => {
    const found = negativeLogLikelihood(given, classes) ?? NaN;
    assertAlmostEquals(found, fixture.negativeLogLikelihood, TOLERANCE);
  });

  Deno.test(`calibrationError() of ${classes} classes and its table equal NumPy's`, () => {
    const table = reliabilityTable(given, { classes });
    assertAlmostEquals(calibrationError(table) ?? NaN, fixture.calibrationError, TOLERANCE);
    assertEquals(table.length, 15);
    table.forEach(({ count, confidence, accuracy, right }, bin) => {
      const [expectedCount, expectedConfidence, expectedAccuracy] = fixture.table[bin] ?? [];
      assertEquals(count, expectedCount);
      if (count === 0) return assertEquals([confidence, accuracy], [null, null]);
      assertEquals(right, Math.round((expectedAccuracy ?? NaN) * count));
      assertAlmostEquals(confidence ?? NaN, expectedConfidence ?? NaN, TOLERANCE);
      assertAlmostEquals(accuracy ?? NaN, expectedAccuracy ?? NaN, TOLERANCE);
    });
  });

  Deno.test(`fitTemperature() of ${classes} classes is the root that SciPy finds`, () => {
    const temperature = fitTemperature(given, classes) ?? NaN;
    // the derivative is known to some 1e-15 of its terms, and the root to that over its slope
    assertRelative(temperature, fixture.temperature, 1e-12);
    const probabilities = scaleByTemperature(given.probabilities, { classes, temperature });
    const scaled = { labels: given.labels, probabilities };
    const { negativeLogLikelihood: loss, calibrationError: error } = fixture.scaled;
    assertAlmostEquals(negativeLogLikelihood(scaled, classes) ?? NaN, loss, TOLERANCE);
    const found = calibrationError(reliabilityTable(scaled, { classes })) ?? NaN;
    assertAlmostEquals(found, error, 1e-11); // moves with the temperature
  });
}

Deno.test("topKAccuracy() ranks the lower of equally probable classes first", () => {
  const equal = predictions([0, 1, 2], [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
  assertEquals(topKAccuracy(equal, { classes: 3, k: 1 }).accuracy, 1 / 3);
  assertEquals(topKAccuracy(equal, { classes: 3, k: 2 }).accuracy, 2 / 3);
  assertEquals(topKAccuracy(equal, { classes: 3, k: 9 }).accuracy, 1);
});

Deno.test("brierScore() is 0 for certain and correct, and 2 for certain and wrong predictions", () => {
  assertEquals(brierScore(predictions([0, 1], [1, 0, 0, 1]), 2), 0);
  assertEquals(brierScore(predictions([1, 0], [1, 0, 0, 1]), 2), 2);
  assertEquals(brierScore(predictions([0], [0.5, 0.25, 0.25]), 3), 0.375);
});

Deno.test("negativeLogLikelihood() counts a probability of 0 as the smallest positive number", () => {
  const found = negativeLogLikelihood(predictions([1], [1, 0]), 2) ?? NaN;
  assertRelative(found, 149 * Math.LN2, 1e-15);
});

Deno.test("reliabilityTable() divides 0 to 1 into bins that include their upper ends", () => {
  const given = predictions([0, 0, 1], [0.5, 0.5, 0.75, 0.25, 1, 0]);
  const table = reliabilityTable(given, { classes: 2, bins: 4 });
  assertEquals(table.map(({ count }) => count), [0, 1, 1, 1]);
  assertEquals(table.map(({ right }) => right), [0, 1, 1, 0]);
  assertEquals(table[2], {
    low: 0.5,
    high: 0.75,
    count: 1,
    right: 1,
    confidence: 0.75,
    accuracy: 1,
    interval: [1 / (1 + 1.959963984540054 ** 2), 1], // 1 / (1 + z²)
  });
  assertAlmostEquals(calibrationError(table) ?? NaN, (0.5 + 0.25 + 1) / 3, 1e-15);
});

Deno.test("reliabilityTable() has a bin for probabilities slightly above 1, and for 0", () => {
  const given = predictions([0, 0], [1 + 2 ** -23, 0, 0, 0]);
  const table = reliabilityTable(given, { classes: 2 });
  assertEquals([table[0]?.count, table[14]?.count], [1, 1]);
});

Deno.test("calibrationError() is 0 if accuracy equals confidence", () => {
  const given = predictions([0, 0, 0, 1], [...Array(4)].flatMap(() => [0.75, 0.25]));
  assertEquals(calibrationError(reliabilityTable(given, { classes: 2 })), 0);
});

Deno.test("fitTemperature() finds the temperature with which probabilities were made", () => {
  // of 10 samples with odds of 4 : 1, 8 are right: sharpened to odds of 4³ : 1, T = 3 takes that back
  const sharp = [...Array(10)].flatMap(() => [64 / 65, 1 / 65]);
  const labels = Uint16Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  const given = { labels, probabilities: Float64Array.from(sharp) };
  assertRelative(fitTemperature(given, 2) ?? NaN, 3, 1e-14); // log 64 / log 4, some roundings
});

Deno.test("fitTemperature() is null without samples, without mistakes, and if nothing was learned", () => {
  assertEquals(fitTemperature(predictions([], []), 2), null);
  assertEquals(fitTemperature(predictions([0, 1], [0.9, 0.1, 0.2, 0.8]), 2), null);
  assertEquals(fitTemperature(predictions([0, 1], [0.5, 0.5, 0.5, 0.5]), 2), null);
  assertEquals(fitTemperature(predictions([1, 0, 0], [0.9, 0.1, 0.2, 0.8, 0.6, 0.4]), 2), null);
});

Deno.test("fitTemperature() handles probabilities of 0, extreme temperatures and ties", () => {
  const zeros = fitTemperature(predictions([0, 0, 1], [1, 0, 1, 0, 1, 0]), 2) ?? NaN;
  assertRelative(zeros, 149, 1e-13); // 2 of 3 right: odds of 2^(149 / T) = 2
  const timid = [0.5 + 2 ** -20, 0.5 - 2 ** -20];
  const tiny = fitTemperature(predictions([0, 0, 1], [...timid, ...timid, ...timid]), 2) ?? NaN;
  const odds = Math.log((1 + 2 ** -19) / (1 - 2 ** -19)); // from the sum of two logs near log ½
  assertRelative(tiny, odds / Math.LN2, 1e-10); // which leaves 1e-16 / 4e-6 of it
});

Deno.test("fitTemperature() does not raise the loss, and is near its minimum", () => {
  const row = fc.tuple(
    fc.nat(2),
    fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    }),
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const probabilities = Float64Array.from(rows.flatMap(([, outputs]) => {
        const weights = outputs.map((output) => Math.exp(output));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        return weights.map((weight) => weight / sum);
      }));
      const given = { labels: Uint16Array.from(rows, ([label]) => label), probabilities };
      const temperature = fitTemperature(given, 3);
      if (temperature === null) return;
      const lossAt = (factor: number) => {
        const scaling = { classes: 3, temperature: temperature * factor };
        const scaled = scaleByTemperature(probabilities, scaling);
        return negativeLogLikelihood({ ...given, probabilities: scaled }, 3) ?? NaN;
      };
      const best = lossAt(1);
      for (const factor of [1 / temperature, 0.99, 1.01, 0.5, 2]) {
        assert(best <= lossAt(factor) + 1e-13); // means of logs, rounded
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

Deno.test("scaleByTemperature() changes no prediction, and nothing at the temperature 1", () => {
  const [first] = ANALYSIS.scores;
  assert(first !== undefined);
  const { probabilities } = predictionsOf(first);
  const shape = { samples: 60, classes: 4 };
  const same = scaleByTemperature(probabilities, { classes: 4, temperature: 1 });
  same.forEach((value, i) => assertRelative(value, probabilities[i], 1e-14)); // exp of log
  const warm = scaleByTemperature(probabilities, { classes: 4, temperature: 5 });
  assertEquals(predictedClasses(warm, shape), predictedClasses(probabilities, shape));
});

Deno.test("calibrate() fits on the validation split, and scores every split before and after", () => {
  const [first, , third] = ANALYSIS.scores;
  assert(first !== undefined && third !== undefined);
  const evaluation = (split: "validation" | "test") => ({
    split,
    rows: Uint32Array.from(first.labels, (_, row) => row),
    loss: 1,
    labels: Uint16Array.from(first.labels),
    probabilities: Float32Array.from(first.probabilities),
  });
  const found = calibrate([evaluation("test"), evaluation("validation")], 4);
  // single precision moves each log by 6e-8 at most
  assertRelative(found?.temperature ?? NaN, first.temperature, 1e-6);
  assertEquals(found?.test, found?.validation);
  const { before, after } = found?.test ?? {};
  assertAlmostEquals(before?.negativeLogLikelihood ?? NaN, first.negativeLogLikelihood, 1e-6);
  assertAlmostEquals(before?.calibrationError ?? NaN, first.calibrationError, 1e-6);
  assertAlmostEquals(
    after?.negativeLogLikelihood ?? NaN,
    first.scaled.negativeLogLikelihood,
    1e-6,
  );
  assertAlmostEquals(after?.calibrationError ?? NaN, first.scaled.calibrationError, 1e-6);
  assertEquals(calibrate([evaluation("test")], 4), undefined);
});

Deno.test("scores of probabilities are null without samples", () => {
  const none = predictions([], []);
  assertEquals(topKAccuracy(none, { classes: 3, k: 2 }), { k: 2, accuracy: null, interval: null });
  assertEquals(brierScore(none, 3), null);
  assertEquals(negativeLogLikelihood(none, 3), null);
  assertEquals(calibrationError(reliabilityTable(none, { classes: 3 })), null);
});

Deno.test("scores of probabilities reject inconsistent arguments", () => {
  const short = predictions([0, 1], [1, 0, 1]);
  const high = predictions([2], [0.5, 0.5]);
  const broken = predictions([0, 1], [0.5, 0.5, NaN, 0.5]);
  const scores: readonly ((given: Predictions) => unknown)[] = [
    (given) => topKAccuracy(given, { classes: 2, k: 1 }),
    (given) => brierScore(given, 2),
    (given) => negativeLogLikelihood(given, 2),
    (given) => reliabilityTable(given, { classes: 2 }),
    (given) => fitTemperature(given, 2),
  ];
  for (const score of scores) {
    assertThrows(() => score(short), TypeError, "expected 2 × 2 probabilities: received 3");
    assertThrows(() => score(high), RangeError, "expected labels below 2: received 2");
    assertThrows(() => score(broken), RangeError, "received NaN for class 0 of sample 1");
  }
  const good = predictions([0], [1, 0]);
  assertThrows(() => topKAccuracy(good, { classes: 2, k: 0 }), RangeError, "k of at least 1");
  assertThrows(() => reliabilityTable(good, { classes: 2, bins: 0 }), RangeError, "received 0");
  const cold = { classes: 2, temperature: 0 };
  assertThrows(() => scaleByTemperature(good.probabilities, cold), RangeError, "above 0");
});
