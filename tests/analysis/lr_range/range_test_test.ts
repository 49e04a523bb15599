import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fit } from "../../../lib/train/fit.ts";
import {
  adviseRate,
  type RateCurve,
  risingRate,
  smoothingReach,
  smoothLosses,
  testRates,
} from "../../../lib/analysis/lr_range/range_test.ts";
import { TOY } from "../../train/toy.ts";

Deno.test("risingRate() rises from the first rate to the last by equal factors", () => {
  const range = { from: 1e-6, to: 10, steps: 8 };
  assertEquals(risingRate(1, range), 1e-6);
  for (let step = 2; step <= 8; step++) {
    // two roundings in the exponent, at most 16.1, and one unit of exp and log each: 4 × 16.1 × 2⁻⁵²
    const expected = 10 ** (step - 7);
    assertAlmostEquals(risingRate(step, range) / expected, 1, 65 * 2 ** -52);
  }
  assertEquals(risingRate(1, { ...range, steps: 1 }), 1e-6);
});

Deno.test("smoothLosses() is the mean over equally many neighbours on both sides", () => {
  assertEquals(smoothLosses([1, 2, 6, 4, 9], 2), [1, 3, 4.4, 19 / 3, 9]);
  assertEquals(smoothLosses([1, 2, 6, 4, 9], 1), [1, 3, 4, 19 / 3, 9]);
  assertEquals([10, 70, 500].map(smoothingReach), [1, 1, 10]);
});

Deno.test("testRates() takes the same steps as fit under the same rates", async () => {
  const range = { from: 0.001, to: 1, steps: 10 }; // of 12 in three epochs
  const { rates, losses, diverged } = await testRates(TOY, range);
  const rising = (step: number) => risingRate(step, range);
  const { checkpoint } = await fit({ ...TOY, learningRate: rising });
  const { loss, learningRate } = checkpoint.history.steps;
  assertEquals([losses.length, diverged], [10, false]);
  assertEquals(losses, Array.from(loss.subarray(0, 10)));
  assertEquals(Float32Array.from(rates), learningRate.slice(0, 10));
});

Deno.test("testRates() gives the same bits for any number of workers", async () => {
  const range = { from: 0.01, to: 100, steps: 37 };
  const [first, ...others] = await Promise.all(
    [1, 2, 3].map((workers) => testRates({ ...TOY, workers }, range)),
  );
  for (const other of others) assertEquals(other, first);
});

Deno.test("testRates() raises the rate once per update if gradients are accumulated", async () => {
  const { rates } = await testRates({ ...TOY, accumulate: 2 }, { from: 1, to: 8, steps: 8 });
  // four batches an epoch are two updates
  assertEquals(rates.map((rate) => Math.round(rate)), [1, 1, 2, 2, 4, 4, 8, 8]);
});

Deno.test("testRates() ends if the loss is four times its minimum or not finite", async () => {
  const told: number[] = [];
  const range = { from: 0.01, to: 1e6, steps: 50 };
  const rising = await testRates(TOY, range, (step) => told.push(step));
  assert(rising.diverged && rising.losses.length < 50);
  assertEquals(rising.losses.every(Number.isFinite), true);
  const means = smoothLosses(rising.losses, 1);
  // the last mean that is over three losses is the first above the limit
  const limit = 4 * Math.min(...means.slice(0, -1));
  assertEquals(means.slice(0, -1).findIndex((loss) => loss > limit), means.length - 2);
  assertEquals(told, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40].slice(0, told.length));

  const none = await testRates(TOY, { from: 1e30, to: 1e35, steps: 10 });
  assertEquals([none.diverged, none.losses.length], [true, 1]); // the first loss is before any update
});

/** A curve over seven powers of ten, 101 steps, with losses of the power. */
function curve(lossAt: (power: number) => number, diverged = true): RateCurve {
  const rates = Array.from({ length: 101 }, (_, i) => 10 ** (-6 + 7 * i / 100));
  return { rates, losses: rates.map((rate) => lossAt(Math.log10(rate))), diverged };
}

Deno.test("adviseRate() suggests the middle of the valley", () => {
  // falls from 2 at 10⁻⁴ to 1 at 10⁻³, is flat up to 10⁻¹, and rises
  const { named, valley, steepest, open } = adviseRate(
    curve((power) => power < -3 ? Math.min(2, -2 - power) : power < -1 ? 1 : 1 + 3 * (power + 1)),
    101,
  );
  // 10 % are a tenth of the power of ten down, and a thirtieth up; steps are 0.07 of one, and so are means
  const powers = valley.map(Math.log10);
  assertAlmostEquals(powers[0], -3.1, 0.07);
  assertAlmostEquals(powers[1], -1 + 0.1 / 3, 0.07);
  assertEquals(named, Math.sqrt(valley[0] * valley[1]));
  assert(Math.log10(steepest) > -4 && Math.log10(steepest) < -3);
  assertEquals(open, { below: false, above: false });
});

Deno.test("adviseRate() reports the ends of the curve that the valley reaches", () => {
  const falling = adviseRate(curve((power) => -power + 2, false), 101);
  assertEquals(falling.open, { below: false, above: true });
  const rising = adviseRate(curve((power) => power + 8), 101);
  assertEquals(rising.open, { below: true, above: false });
  assertEquals(rising.steepest, rising.valley[0]);
  const one = adviseRate({ rates: [0.5], losses: [2], diverged: true }, 10);
  assertEquals([one.named, one.steepest, one.open.below], [0.5, 0.5, true]);
});
