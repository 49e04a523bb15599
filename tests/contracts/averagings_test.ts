import { assertAlmostEquals, assertEquals } from "@std/assert";
import { averagings, exponentialAverage, stochasticAverage } from "../../lib/train/mod.ts";
import { testEntries } from "./contract.ts";

testEntries(averagings);

/** Hash of the weights of a run of 100 steps in five epochs, in double precision. */
const GOLDEN: Readonly<Record<typeof averagings.names[number], string>> = {
  exponential: "12e4661a7edc24ef46c9fc824fd94150098baa4f7b7bd2eef50056a61fb52ff5",
  stochastic: "c2a7971b93fdb103e466531da7ac116e360888dc6a51a989596695d0968e139e",
};

const RUN = { steps: 40, stepsPerEpoch: 4 };

/** The mean that an averaging makes of numbers, one a step. */
function meanOf(averaging: (step: number) => number, values: readonly number[]): number {
  return values.reduce((mean, value, index) => {
    const weight = averaging(index + 1);
    return (1 - weight) * mean + weight * value;
  }, values[0] ?? NaN);
}

for (const [name] of averagings) {
  Deno.test(`averaging "${name}" gives weights from 0 to 1, some above 0, at any length`, () => {
    const averaging = averagings.create(averagings.schema.parse({ name }));
    for (const [steps, stepsPerEpoch] of [[1, 1], [3, 1], [7, 3], [40, 4]] as const) {
      const weights = Array.from(
        { length: steps },
        (_, i) => averaging(i + 1, { steps, stepsPerEpoch }),
      );
      assertEquals(weights.filter((weight) => !(weight >= 0 && weight <= 1)), []);
      assertEquals(weights.some((weight) => weight > 0), true);
    }
  });
}

for (const [name] of averagings) {
  Deno.test(`averaging "${name}" gives the bits of its committed hash`, async () => {
    const averaging = averagings.create(averagings.schema.parse({ name }));
    const run = { steps: 100, stepsPerEpoch: 20 };
    const weights = Float64Array.from({ length: 100 }, (_, i) => averaging(i + 1, run));
    const digest = await crypto.subtle.digest("SHA-256", weights);
    assertEquals(new Uint8Array(digest).toHex(), GOLDEN[name]);
  });
}

Deno.test("exponentialAverage() forgets quickly at first, then at its decay", () => {
  const averaging = exponentialAverage({ decay: 0.9 });
  assertAlmostEquals(averaging(1, RUN), 1 - 2 / 11, 1e-15);
  assertAlmostEquals(averaging(80, RUN), 1 - 0.9, 1e-15); // (1 + 80) / (10 + 80) = 0.9
  assertAlmostEquals(averaging(10_000, RUN), 1 - 0.9, 1e-15);
});

Deno.test("stochasticAverage() is the plain mean of the weights at the ends of late epochs", () => {
  const averaging = stochasticAverage({ from: 0.75, every: 1 });
  const values = Array.from({ length: 40 }, (_, i) => (i + 1) ** 2);
  // Steps 32, 36 and 40: from step 30 on, at the end of every fourth
  const expected = (32 ** 2 + 36 ** 2 + 40 ** 2) / 3;
  assertAlmostEquals(meanOf((step) => averaging(step, RUN), values), expected, 1e-10);
  const every2 = stochasticAverage({ from: 0.5, every: 2 });
  assertAlmostEquals(
    meanOf((step) => every2(step, RUN), values),
    (24 ** 2 + 32 ** 2 + 40 ** 2) / 3,
    1e-10,
  );
});

Deno.test("stochasticAverage() is the current weights until the first averaged epoch", () => {
  const averaging = stochasticAverage({ from: 0.75 });
  assertEquals([1, 5, 29, 32].map((step) => averaging(step, RUN)), [1, 1, 1, 1]);
  assertEquals([33, 34, 35].map((step) => averaging(step, RUN)), [0, 0, 0]);
});
