import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  constantRate,
  cosine,
  exponentialRate,
  inverseSquareRoot,
  linearRate,
  oneCycle,
  plateau,
  polynomial,
  type Schedule,
  schedules,
  stepRate,
  warmUp,
} from "../../lib/train/mod.ts";
import { power } from "../../lib/optim/schedules/power.ts";
import { UNIT_ROUNDOFF } from "../numbers.ts";

/** A run of so many steps, in one epoch or in some. */
const run = (steps: number, stepsPerEpoch = steps) => ({ steps, stepsPerEpoch, scores: [] });

/** The rates of all steps of a run. */
const ratesOf = (schedule: Schedule, steps: number, stepsPerEpoch = steps) =>
  Array.from({ length: steps }, (_, index) => schedule(index + 1, run(steps, stepsPerEpoch)));

Deno.test("power() multiplies whole powers, and takes exp and log of others", () => {
  assertEquals(power(2, 10), 1024);
  assertEquals(power(0.5, 0), 1);
  assertEquals(power(3, 5), 243);
  // log and exp are accurate to about one unit in the last place of numbers near 1
  assertAlmostEquals(power(4, 0.5), 2, 8 * UNIT_ROUNDOFF);
  assertEquals(power(0, 0.5), 0);
});

Deno.test("constant() gives the same rate at every step", () => {
  assertEquals(ratesOf(constantRate({ rate: 0.1 }), 3), [0.1, 0.1, 0.1]);
});

Deno.test("step() falls every so many epochs", () => {
  const rates = ratesOf(stepRate({ rate: 1, factor: 0.5, every: 2 }), 12, 2);
  assertEquals(rates, [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25]);
});

Deno.test("step() falls at its milestones, in any order", () => {
  const rates = ratesOf(stepRate({ rate: 1, factor: 0.5, milestones: [3, 1] }), 5, 1);
  assertEquals(rates, [1, 0.5, 0.5, 0.25, 0.25]);
});

Deno.test("exponential() falls with every epoch, or with every step", () => {
  assertEquals(ratesOf(exponentialRate({ rate: 1, factor: 0.5 }), 6, 2), [
    1,
    1,
    0.5,
    0.5,
    0.25,
    0.25,
  ]);
  assertEquals(ratesOf(exponentialRate({ rate: 1, factor: 0.5, per: "step" }), 3), [1, 0.5, 0.25]);
});

Deno.test("cosine() begins at the first rate, is halfway in the middle, ends above the last", () => {
  const rate = cosine({ from: 1, to: 0.5 });
  assertEquals(rate(1, run(4)), 1);
  assertEquals(rate(3, run(4)), 0.75);
  assertEquals(rate(4, run(4)) > 0.5, true);
});

Deno.test("cosine() falls at every step", () => {
  const rates = ratesOf(cosine({ from: 2, to: 0 }), 1000);
  assertEquals(rates, rates.toSorted((a, b) => b - a));
  assertEquals(new Set(rates).size, 1000);
});

Deno.test("cosine() can rise as well, as a warm-up", () => {
  const rates = ratesOf(cosine({ from: 0.1, to: 0.2 }), 10);
  assertEquals(rates[0], 0.1);
  assertEquals(rates, rates.toSorted((a, b) => a - b));
});

Deno.test("cosine() restarts in each of its cycles", () => {
  const [once, thrice] = [
    ratesOf(cosine({ from: 1 }), 4),
    ratesOf(cosine({ cycles: 3, from: 1 }), 12),
  ];
  assertEquals(thrice, [...once, ...once, ...once]);
});

Deno.test("cosine() has cycles that grow, to the nearest step, and omits empty ones", () => {
  const firsts = (steps: number, cycles: number, growth: number) =>
    ratesOf(cosine({ from: 1, cycles, growth }), steps).flatMap((rate, i) => rate === 1 ? [i] : []);
  assertEquals(firsts(35, 3, 2), [0, 5, 15]);
  assertEquals(firsts(10, 3, 1), [0, 3, 7]); // 3⅓ and 6⅔
  assertEquals(firsts(10, 3, 2), [0, 1, 4]); // 1.43 and 4.29
  assertEquals(firsts(2, 5, 1), [0, 1]);
});

Deno.test("linear() goes by equal steps", () => {
  assertEquals(ratesOf(linearRate({ from: 1, to: 0 }), 4), [1, 0.75, 0.5, 0.25]);
  assertEquals(ratesOf(linearRate({ from: 1, to: 2 }), 4), [1, 1.25, 1.5, 1.75]);
});

Deno.test("polynomial() falls by a power of the remaining fraction", () => {
  assertEquals(ratesOf(polynomial({ from: 1, to: 0, power: 2 }), 4), [1, 0.5625, 0.25, 0.0625]);
  assertEquals(ratesOf(polynomial({ from: 3, to: 1, power: 2 }), 2), [3, 1.5]);
});

Deno.test("oneCycle() rises to its peak and falls far below its beginning", () => {
  const shape = "linear";
  const schedule = oneCycle({ peak: 8, rise: 0.5, startDivisor: 8, endDivisor: 2, shape });
  // 0.5 · 6 − 1 steps up from 1 to 8, and 3 down to 0.5
  assertEquals(ratesOf(schedule, 6), [1, 4.5, 8, 5.5, 3, 0.5]);
});

Deno.test("oneCycle() can only rise, or only fall; one step is the peak", () => {
  const all = { peak: 4, startDivisor: 4, endDivisor: 1, shape: "linear" } as const;
  assertEquals(ratesOf(oneCycle({ ...all, rise: 1 }), 4), [1, 2, 3, 4]);
  assertEquals(ratesOf(oneCycle({ ...all, rise: 0 }), 4), [4, 3, 2, 1]);
  assertEquals(ratesOf(oneCycle(all), 1), [4]);
});

Deno.test("inverseSquareRoot() rises straight to its peak and falls with the root of the step", () => {
  const rates = ratesOf(inverseSquareRoot({ peak: 1, warmUp: 4 }), 16);
  assertEquals(rates.slice(0, 4), [0.25, 0.5, 0.75, 1]);
  assertEquals(rates[15], 0.5);
});

/** Returns the rate of each step under plateau(), with a loss after every second step. */
function afterLosses(schedule: Schedule, losses: readonly number[]): readonly number[] {
  const scores = losses.map((loss, index) => ({
    step: 2 * index + 2,
    validation: { loss, accuracy: 0 },
  }));
  const given = { ...run(2 * losses.length, 2), scores };
  return losses.map((_, index) => schedule(2 * index + 1, given));
}

Deno.test("plateau() falls if there was no better score for longer than its patience", () => {
  const schedule = plateau({ rate: 1, factor: 0.5, patience: 1, threshold: 0 });
  // 5 is the best; 5 and 6 are two that are no better; 4 is; then 4, 4 again; the last comes too late
  assertEquals(afterLosses(schedule, [5, 5, 6, 4, 4, 4, 4]), [1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
});

Deno.test("plateau() ignores scores directly after a fall, and stops at its minimum", () => {
  const options = { rate: 1, factor: 0.5, patience: 0, threshold: 0, cooldown: 2, minimum: 0.3 };
  const rates = afterLosses(plateau(options), [5, 5, 5, 5, 5, 5, 5, 5, 5]);
  assertEquals(rates, [1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3]);
});

Deno.test("plateau() watches its metric, and ignores scores without it", () => {
  const schedule = plateau({ rate: 1, factor: 0.5, patience: 0, metric: "train.accuracy" });
  const scores = [
    { step: 1, train: { loss: 1, accuracy: 0.5 } },
    { step: 2, validation: { loss: 1, accuracy: 0.9 } },
    { step: 3, train: { loss: 9, accuracy: 0.6 } },
    { step: 4, train: { loss: 9, accuracy: 0.6 } },
  ];
  const at = (step: number) => schedule(step, { ...run(5), scores });
  assertEquals([at(1), at(2), at(3), at(4), at(5)], [1, 1, 1, 1, 0.5]);
});

Deno.test("warmUp() rises to the first rate of the next schedule, which has the rest of the run", () => {
  const schedule = warmUp({ steps: 4, from: 0, then: linearRate({ from: 1, to: 0 }) });
  assertEquals(ratesOf(schedule, 8), [0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25]);
  const epochs = warmUp({
    epochs: 0.5,
    from: 0.5,
    then: stepRate({ rate: 1, factor: 0.5, every: 1 }),
  });
  assertEquals(ratesOf(epochs, 8, 4), [0.5, 0.75, 1, 1, 1, 1, 0.5, 0.5]);
});

Deno.test("warmUp() may be longer than the run", () => {
  const schedule = warmUp({ steps: 4, from: 0.5, then: cosine({ from: 1 }) });
  assertEquals(ratesOf(schedule, 2), [0.5, 0.625]);
});

Deno.test("warmUp() shows the next schedule the scores after it, counted from its end", () => {
  const schedule = warmUp({ steps: 4, then: (_step, { scores }) => scores[0]?.step ?? 0 });
  const scores = [{ step: 2 }, { step: 4 }, { step: 6 }];
  assertEquals(schedule(8, { ...run(8), scores }), 2);
});

Deno.test("a config's warm-up may precede any other schedule, by epochs or by steps", () => {
  for (const [name] of schedules) {
    const parse = (more: object) =>
      schedules.schema.parse({ name: "warmUp", then: { name }, ...more });
    if (name === "warmUp") assertThrows(() => parse({}), Error, "No matching discriminator");
    else {
      assertEquals(schedules.create(parse({ epochs: 2 }))(1, run(10, 2)) > 0, true, name);
      assertThrows(() => parse({ epochs: 2, steps: 4 }), Error, "either");
    }
  }
});
