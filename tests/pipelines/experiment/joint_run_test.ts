import { assertEquals, assertRejects } from "@std/assert";
import {
  type JointRun,
  jointRun,
  OtherRankError,
} from "../../../pipelines/experiment/joint_run.ts";
import { type Checkpoint, emptyHistory } from "../../../lib/run/checkpoint.ts";
import { localRanks } from "../../train/local_ranks.ts";

/** Calls a function on each of some ranks at once; returns what each returns. */
function onRanks<Result>(
  count: number,
  use: (joint: JointRun, rank: number) => Promise<Result>,
): Promise<readonly Result[]> {
  return Promise.all(
    localRanks(count).map((ranks) => use(jointRun(ranks, () => {}), ranks.rank)),
  );
}

Deno.test("agree() lets ranks with the same run begin", async () => {
  const begun = await onRanks(3, async (joint) => {
    await joint.agree({ run: "tiny-1" });
    return joint.hasAgreed();
  });
  assertEquals(begun, [true, true, true]);
});

Deno.test("agree() rejects on all ranks if one has another run", async () => {
  await onRanks(3, (joint, rank) =>
    assertRejects(
      () => joint.agree({ run: rank === 2 ? "tiny-2" : "tiny-1" }),
      OtherRankError,
      'expected the run "tiny-1" on all: received "tiny-2" on rank 2',
    ));
});

Deno.test("agree() rejects on all ranks with the errors of those that failed", async () => {
  const errors = (failing: readonly number[]) =>
    onRanks(2, async (joint, rank) => {
      const own = failing.includes(rank) ? { error: "no data" } : { run: "tiny-1" };
      return await assertRejects(() => joint.agree(own), OtherRankError);
    });
  for (const { message, isOnAll } of await errors([1])) {
    assertEquals(message, "Cannot train by 2 ranks: 1 failed:\nrank 1: no data");
    assertEquals(isOnAll, false);
  }
  for (const { isOnAll } of await errors([0, 1])) assertEquals(isOnAll, true);
});

Deno.test("begin() sends the checkpoints of rank 0 to all, or that nothing is left to train", async () => {
  const from: Checkpoint = {
    position: { epoch: 0, step: 3 },
    state: new Map([["all.parameters", Float32Array.of(1, 2)]]),
    history: {
      ...emptyHistory(),
      steps: {
        loss: Float32Array.of(3, 2, 1),
        correct: Float32Array.of(0, 1, 2),
        gradientNorm: Float32Array.of(1, 1, 1),
        learningRate: Float32Array.of(0.1, 0.1, 0.1),
      },
    },
  };
  const starts = await onRanks(3, (joint, rank) => joint.begin(rank === 0 ? { from } : undefined));
  for (const start of starts) {
    assertEquals(start?.from?.position, from.position);
    assertEquals(start?.from?.state, from.state);
    assertEquals(start?.fromBest, undefined);
  }
  assertEquals(await onRanks(2, (joint) => joint.begin()), [undefined, undefined]);
});
