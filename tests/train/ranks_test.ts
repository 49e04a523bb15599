/** Training by several ranks: the bits of one process, whatever their number, also after an interruption. */
import { assertEquals, assertRejects } from "@std/assert";
import { batchNorm, dense, dropout, network, relu } from "../../lib/nn/mod.ts";
import { singleThread } from "../../lib/engine/wasm/exact.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { DivergedError, fit, type Fitted } from "../../lib/train/fit.ts";
import { adam, constantRate, exponentialAverage, momentum, plateau } from "../../lib/train/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { divideIntoSlices, divideNodes } from "../../lib/train/ranks/division.ts";
import { localRanks } from "./local_ranks.ts";
import { CLASSES, FEATURES, hashOf, TOY } from "./toy.ts";

Deno.test("divideNodes() gives each rank the largest nodes of its leaves, and none to a rank without samples", () => {
  const nodesOf = (shards: number, size: number, batch = 100) =>
    divideNodes(shards, size, batch)
      .map((nodes) => nodes.map(({ from, to }) => `${from}-${to}`).join(" "));
  assertEquals(nodesOf(8, 4), ["0-2", "2-4", "4-6", "6-8"]);
  assertEquals(nodesOf(8, 3), ["0-2", "2-4 4-5", "5-6 6-8"]);
  assertEquals(nodesOf(8, 4, 3), ["0-2", "2-4", "", ""]);
});

Deno.test("divideIntoSlices() divides a vector into slices of whole cache lines", () => {
  assertEquals(divideIntoSlices(100, 3), [
    { first: 0, length: 48 },
    { first: 48, length: 48 },
    { first: 96, length: 4 },
  ]);
  assertEquals(divideIntoSlices(20, 3).map(({ length }) => length), [16, 4, 0]);
});

/** Fits on several ranks at once, and returns what each returns. */
function fitByRanks(
  options: FitOptions,
  size: number,
  first: Partial<FitOptions> = {},
): Promise<readonly Fitted[]> {
  return Promise.all(
    localRanks(size).map((ranks) => fit({ ...options, ...(ranks.rank === 0 ? first : {}), ranks })),
  );
}

/** 14-40-3: the first weights lie in panels. */
const WIDE = network([dense({ units: 40 }), relu(), dense({ units: CLASSES })], FEATURES);

const CASES: Readonly<Record<string, Partial<FitOptions>>> = {
  "plain batches": { shards: 4 },
  "5 shards, more than the last batch has samples": { shards: 5, batchSize: 17 },
  "normalized batches and dropout": {
    shards: 4,
    network: network(
      [dense({ units: 6 }), batchNorm(), dropout({ rate: 0.3 }), dense({ units: CLASSES })],
      FEATURES,
    ),
    batchSize: 20,
  },
  "panels, groups, and all refinements": {
    shards: 8,
    network: WIDE,
    optimizer: adam(),
    adversarial: { radius: 1, share: 0.3 },
    clip: { norm: 0.5, value: 0.2 },
    regularization: { l1: 0.001, l2: 0.01, weightDecay: 0.05 },
    accumulate: 2,
    averaging: exponentialAverage({ decay: 0.9 }),
  },
  "scores that steer": {
    shards: 4,
    optimizer: momentum(),
    learningRate: plateau({ rate: 0.1, patience: 1 }),
    validateEvery: { steps: 2 },
    earlyStopping: { metric: "validation.loss", patience: 2 },
    epochs: 6,
  },
};

for (const [name, options] of Object.entries(CASES)) {
  Deno.test(`fit() by 1, 2, 3 and 4 ranks has the bits of one process: ${name}`, async () => {
    const all: FitOptions = { ...TOY, ...options };
    const expected = await fit(all);
    for (const size of [1, 2, 3, 4]) {
      const workers = size === 3 ? 2 : 1;
      const backend = size === 4 ? singleThread : undefined;
      for (const { checkpoint, trained } of await fitByRanks({ ...all, workers, backend }, size)) {
        assertEquals(hashOf(checkpoint), hashOf(expected.checkpoint), `${size} ranks`);
        assertEquals(trained.parameters, expected.trained.parameters);
      }
    }
  });
}

Deno.test("fit() by ranks stops on all of them if one is stopped, and resumes with another number", async () => {
  const all: FitOptions = { ...TOY, shards: 4, epochs: 4 };
  const expected = await fit(all);
  const controller = new AbortController();
  const kept: Uint8Array<ArrayBuffer>[] = [];
  const stopped = await fitByRanks(all, 3, {
    signal: controller.signal,
    onEpoch: ({ epoch }) => epoch === 2 ? controller.abort() : undefined,
    onCheckpoint: (checkpoint: Checkpoint) =>
      Promise.resolve(void kept.push(encodeCheckpoint(checkpoint))),
  });
  assertEquals(stopped.map(({ finished }) => finished), [false, false, false]);
  const positions = stopped.map(({ checkpoint }) => checkpoint.position.step);
  assertEquals(new Set(positions).size, 1);
  const last = kept[kept.length - 1];
  for (const size of [1, 2, 4]) {
    const from = decodeCheckpoint(last);
    for (const { checkpoint, finished } of await fitByRanks({ ...all, from }, size)) {
      assertEquals(finished, true);
      assertEquals(hashOf(checkpoint), hashOf(expected.checkpoint));
    }
  }
});

Deno.test("fit() by ranks writes a checkpoint within an epoch if one rank requests it", async () => {
  const all: FitOptions = { ...TOY, shards: 2 };
  const expected = await fit(all);
  const kept: number[] = [];
  const [first] = await fitByRanks(all, 2, {
    onStart: ({ requestCheckpoint }) => requestCheckpoint(),
    onCheckpoint: ({ position }: Checkpoint) => Promise.resolve(void kept.push(position.step)),
  });
  assertEquals(kept, [1, 4, 8, 12]);
  assertEquals(hashOf(first.checkpoint), hashOf(expected.checkpoint));
});

Deno.test("fit() by ranks finds a fault on every rank", async () => {
  const all: FitOptions = { ...TOY, shards: 2, learningRate: constantRate({ rate: 1e30 }) };
  const errors = await Promise.all(
    localRanks(2).map((ranks) => assertRejects(() => fit({ ...all, ranks }), DivergedError)),
  );
  const alone = await assertRejects(() => fit(all), DivergedError);
  assertEquals(errors.map(({ message }) => message), [alone.message, alone.message]);
});

Deno.test("fit() rejects more ranks than micro-batches", async () => {
  const [ranks] = localRanks(3);
  await assertRejects(
    () => fit({ ...TOY, shards: 2, ranks }),
    RangeError,
    'Cannot train: expected at most as many ranks as "shards", 2: received 3 ranks',
  );
});
