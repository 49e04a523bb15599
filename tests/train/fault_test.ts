import { assert, assertEquals, assertRejects } from "@std/assert";
import { DivergedError, fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { formatFault } from "../../lib/train/fault.ts";
import { adam } from "../../lib/train/mod.ts";
import type { Checkpoint } from "../../lib/run/checkpoint.ts";
import { checkpointsOf, hashOf, stepsLater, TOY } from "./toy.ts";

const ADAM = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

/** A rate of 0.1, and a huge one at one step. */
function hugeAt(step: number, rate = 3e38): FitOptions["learningRate"] {
  return (at) => at === step ? rate : 0.1;
}

async function divergence(options: FitOptions): Promise<DivergedError> {
  return await assertRejects(() => fit(options), DivergedError);
}

/** Returns whether every number of a checkpoint is finite. */
function isFinite({ state, history: { steps } }: Checkpoint): boolean {
  return [...state.values(), ...Object.values(steps)].every((vector: Float32Array) =>
    vector.every(Number.isFinite)
  );
}

Deno.test("fit() stops if a number is not finite, and names epoch, step and operation", async () => {
  // The rate 3e38 at step 6 gives finite parameters beyond 1e37; their products overflow at step 7
  const { message, fault, lastGood } = await divergence({ ...TOY, learningRate: hugeAt(6) });
  assertEquals(
    message,
    "Training diverged: expected finite numbers: received NaN or infinity in epoch 2, step 7, " +
      `first from ${fault.operation}: lower train.learningRate, or limit the gradient by train.clip`,
  );
  assertEquals(fault.operation, "forward of layer 3 (dense2): matmul");
  assertEquals([fault.epoch, fault.step], [2, 7]);
  assertEquals(lastGood.position, { epoch: 1, step: 6 });
});

Deno.test("fit() that diverges keeps the state before the step", async () => {
  for (const optimizer of [TOY.optimizer, ADAM]) {
    for (const step of [1, 4, 6]) {
      const options = { ...TOY, optimizer, learningRate: hugeAt(step, 1e39) };
      const { fault, lastGood } = await divergence(options);
      // 1e39 is infinite in single precision: the update itself is the fault
      assertEquals([fault.epoch, fault.step], [Math.ceil(step / 4), step]);
      assert(isFinite(lastGood));
      const calm = { ...options, learningRate: () => 0.1 };
      const epochStart = (await checkpointsOf(calm))[fault.epoch - 1];
      const before = await stepsLater(calm, epochStart, (step - 1) % 4);
      assertEquals(hashOf(lastGood), hashOf(before));
    }
  }
});

Deno.test("fit() detects that the last update diverged, which no loss follows", async () => {
  const { validation: _, ...unwatched } = TOY;
  for (const options of [TOY, unwatched]) {
    const { fault, lastGood } = await divergence({ ...options, learningRate: hugeAt(12, 1e39) });
    assertEquals([fault.epoch, fault.step], [3, 12]);
    assertEquals(lastGood.position, { epoch: 2, step: 11 });
    assert(isFinite(lastGood));
  }
});

Deno.test("fit() resumed after a divergence diverges again in the same way", async () => {
  const options = { ...TOY, learningRate: hugeAt(6) };
  const first = await divergence(options);
  const second = await divergence({ ...options, from: first.lastGood });
  assertEquals(second.message, first.message);
  assertEquals(hashOf(second.lastGood), hashOf(first.lastGood));
});

Deno.test("formatFault() has the form of all messages", () => {
  assertEquals(
    formatFault({ epoch: 3, step: 70, operation: "log in loss", before: new Map() }),
    "Training diverged: expected finite numbers: received NaN or infinity in epoch 3, step 70, " +
      "first from log in loss: lower train.learningRate, or limit the gradient by train.clip",
  );
});
