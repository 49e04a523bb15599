import { assert, assertEquals } from "@std/assert";
import { schedules } from "../../lib/train/mod.ts";
import { deepFrozen } from "../numbers.ts";
import { testEntries } from "./contract.ts";

/** Hash of the rates of a run of 100 steps, in double precision. */
const GOLDEN: Readonly<Record<typeof schedules.names[number], string>> = {
  constant: "f13ad6fc9645d3917f2ec02db028e7872372d7bc3abb05a465bd07e345c6422f",
  cosine: "f36a1dcf7154574122412fa6d93bdcddb83702a49e3bd43d2bbee12587584b1c",
  step: "0d5c4a6b2a981d8de9f60d26cc75c8727b8966dd386a2a0e73653edf42751887",
  exponential: "336d01f957ee83d2778b8394ef3c4c2a61578520214f17e94c3a2b1e7733dc5c",
  linear: "603c7dc161061239939c20568e68e01dfb620d9728be44df0e973de563a6ce2d",
  polynomial: "79798b0eaf3041911aab19c075853dc8e901bf17ffe58aabdd00e148b8cdb17a",
  oneCycle: "47e42661258cf937dddf5d312f00eb4e9dad360fb2f4862aacbf134488b92c95",
  inverseSquareRoot: "b3bb66bf5025c99dce1c5e51d4d70d6f335bf947a774e91425f3b89441dce14e",
  plateau: "348af6e3424ba4f09dda1c3be5bd474ab8d62b484a454c38e97b67b136ec6dbb",
  warmUp: "42e12161d01a7fd19db18d70dd0bfebd12ca9f26521e68ab6c0299fada8ef841",
};

/** Options without which a schedule cannot be made. */
const REQUIRED: Readonly<Record<string, object>> = { warmUp: { then: { name: "cosine" } } };

testEntries(schedules, REQUIRED);

/** Epochs of a run: enough for every schedule to do something. */
const EPOCHS = 25;

/** A run of so many steps, in as many epochs if there are fewer; its scores do not change. */
function run(steps: number) {
  const stepsPerEpoch = Math.ceil(steps / EPOCHS);
  const scores = Array.from({ length: EPOCHS }, (_, epoch) => ({
    step: (epoch + 1) * stepsPerEpoch,
    validation: { loss: 1, accuracy: 0.5 },
  }));
  return { steps, stepsPerEpoch, scores };
}

for (const [name] of schedules) {
  const schedule = schedules.create(schedules.schema.parse({ name, ...REQUIRED[name] }));
  const rates = (steps: number) =>
    Float64Array.from({ length: steps }, (_, i) => schedule(i + 1, run(steps)));

  Deno.test(`schedule "${name}" returns a positive, finite rate at every step`, () => {
    for (const steps of [1, 2, 3, 100]) {
      assert(rates(steps).every((rate) => rate > 0 && Number.isFinite(rate)), `${steps} steps`);
    }
  });

  Deno.test(`schedule "${name}" is a function of the step: repeated and in any order`, () => {
    const [late, early] = [schedule(70, run(100)), schedule(7, run(100))];
    assertEquals([schedule(7, run(100)), schedule(70, run(100))], [early, late]);
  });

  Deno.test(`schedule "${name}" does not depend on scores of later steps`, () => {
    const worse = { step: 71, validation: { loss: 9, accuracy: 0 } };
    const { scores, ...others } = run(100);
    const known = scores.filter(({ step }) => step < 70);
    const rate = (scores: typeof known) => schedule(70, { ...others, scores });
    assertEquals(rate([...known, worse]), rate(known));
  });

  Deno.test(`schedule "${name}" does not change its run`, () => {
    schedule(70, deepFrozen(run(100)));
  });

  Deno.test(`schedule "${name}" gives the bits of its committed hash`, async () => {
    // Little-endian bytes on every machine that Deno runs on
    const digest = await crypto.subtle.digest("SHA-256", rates(100));
    assertEquals(new Uint8Array(digest).toHex(), GOLDEN[name]);
  });
}
