import { assertEquals, assertRejects } from "@std/assert";
import { fit } from "../../lib/train/fit.ts";
import { oneGroup } from "../../lib/optim/parameter_groups.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import { openSession } from "../../lib/train/session.ts";
import { parametersOf, stateOf } from "../../lib/train/state.ts";
import { brightSamples, hashOf, NETWORK, splitOf, TOY, withoutValidation } from "./toy.ts";

/** The same rate at every step. */
const settings = (rate: number) => ({ rateOf: () => rate, averageWeightOf: () => 0 });

Deno.test("divideIntoBatches() divides samples into whole batches and the rest", () => {
  assertEquals(divideIntoBatches(53, 16), { size: 16, whole: 3, rest: 5, steps: 4 });
  assertEquals(divideIntoBatches(48, 16), { size: 16, whole: 3, rest: 0, steps: 3 });
  assertEquals(divideIntoBatches(5, 16), { size: 16, whole: 0, rest: 5, steps: 1 });
  assertEquals(divideIntoBatches(0, 16), { size: 16, whole: 0, rest: 0, steps: 0 });
});

Deno.test("openSession() runs any steps of an epoch, and reports its position", async () => {
  await using session = await openSession(TOY);
  await session.initialize();
  const positions = [session.position()];
  session.prepare(2, settings(0.1));
  positions.push(session.position());
  for (const [from, to] of [[0, 2], [2, 2], [2, 4]] as const) {
    assertEquals(await session.run(from, to), to);
    positions.push(session.position());
  }
  assertEquals(positions.map(({ epoch, step }) => [epoch, step]), [
    [0, 0],
    [2, 8],
    [2, 10],
    [2, 10],
    [2, 12],
  ]);
});

Deno.test("openSession() validates after it was stopped, and runs no further step", async () => {
  await using session = await openSession(TOY);
  await session.initialize();
  session.prepare(0, settings(0.1));
  const before = await session.validate();
  session.stop();
  assertEquals(await session.run(0), 0);
  assertEquals(await session.validate(), before);
});

Deno.test("openSession() stopped while it runs ends after a whole step, and still validates", async () => {
  const samples = brightSamples(20_010);
  const [train, validation] = [splitOf(samples, 0, 20_000), splitOf(samples, 20_000)];
  await using session = await openSession({ ...TOY, train, validation, batchSize: 1 });
  await session.initialize();
  session.prepare(0, settings(0.001));
  const running = session.run(0);
  session.stop();
  const reached = await running;
  assertEquals(session.position(), { epoch: 0, step: reached });
  assertEquals(reached < 20_000, true);
  assertEquals(Number.isFinite((await session.validate()).validation.loss), true);
});

Deno.test("openSession() restores a state that it returned", async () => {
  await using session = await openSession(TOY);
  await session.initialize();
  const before = session.state();
  session.prepare(0, settings(0.1));
  await session.run(0);
  const after = session.state();
  session.restore(before);
  assertEquals(session.state(), before);
  await session.run(0);
  assertEquals(session.state(), after);
});

Deno.test("openSession() without a validation split rejects validation", async () => {
  await using session = await openSession(withoutValidation());
  await assertRejects(
    () => session.validate(),
    TypeError,
    "Cannot validate: expected a validation split: received none",
  );
});

Deno.test("openSession() rejects a validation split of samples that the machine does not hold", async () => {
  await assertRejects(
    () => openSession({ ...TOY, validation: splitOf(brightSamples(9)) }),
    TypeError,
    "Cannot train: expected training and validation splits of one data set: received splits of two",
  );
});

Deno.test("stateOf() is the inverse of parametersOf()", () => {
  const groups = oneGroup(NETWORK);
  const vector = Float32Array.from({ length: 111 }, (_, index) => index);
  const state = new Map([["all.parameters", vector]]);
  const parameters = parametersOf({ network: NETWORK, groups }, state);
  assertEquals([...parameters].map(([name, { shape }]) => [name, shape]), [
    ["dense1.weight", [14, 6]],
    ["dense1.bias", [6]],
    ["dense2.weight", [6, 3]],
    ["dense2.bias", [3]],
  ]);
  assertEquals(parameters.get("dense1.bias")?.data, vector.slice(84, 90));
  assertEquals(stateOf(NETWORK, groups, parameters), state);
});

Deno.test("fit() gives the same bytes for any number of workers", async () => {
  const hashes = [];
  for (const workers of [1, 2, 3, 5]) {
    const { checkpoint } = await fit({ ...TOY, workers });
    hashes.push(hashOf(checkpoint));
  }
  assertEquals(new Set(hashes).size, 1);
});
