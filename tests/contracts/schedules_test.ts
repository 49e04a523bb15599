import { assert, assertEquals } from "@std/assert";
import { schedules } from "../../lib/train/mod.ts";
import { testEntries } from "./contract.ts";

/** Hash of the rates of a run of 100 steps, in double precision. */
const GOLDEN: Readonly<Record<typeof schedules.names[number], string>> = {
  constant: "f13ad6fc9645d3917f2ec02db028e7872372d7bc3abb05a465bd07e345c6422f",
  cosine: "f36a1dcf7154574122412fa6d93bdcddb83702a49e3bd43d2bbee12587584b1c",
};

testEntries(schedules);

/** A run of so many steps in five epochs, or in as many as there are steps. */
function run(steps: number) {
  return { steps, stepsPerEpoch: Math.ceil(steps / 5), scores: [] };
}

for (const [name] of schedules) {
  const schedule = schedules.create(schedules.schema.parse({ name }));
  const rates = (steps: number) =>
    Float64Array.from({ length: steps }, (_, i) => schedule(i + 1, run(steps)));

  Deno.test(`schedule "${name}" gives a positive, finite rate at every step`, () => {
    for (const steps of [1, 2, 3, 100]) {
      assert(rates(steps).every((rate) => rate > 0 && Number.isFinite(rate)), `${steps} steps`);
    }
  });

  Deno.test(`schedule "${name}" is a function of the step: asked twice, out of order`, () => {
    const [late, early] = [schedule(70, run(100)), schedule(7, run(100))];
    assertEquals([schedule(7, run(100)), schedule(70, run(100))], [early, late]);
  });

  Deno.test(`schedule "${name}" gives the same bits as ever`, async () => {
    // Little-endian bytes on every machine that Deno runs on
    const digest = await crypto.subtle.digest("SHA-256", rates(100));
    assertEquals(new Uint8Array(digest).toHex(), GOLDEN[name]);
  });
}
