import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { estimateExchangeTime, estimateRankTime } from "../../../lib/analysis/check/rank_times.ts";

/** 784-128-10 with batches of 64 and Adam, in µs. */
const S = {
  gradients: 90,
  update: 18,
  parameters: 101_770,
  slots: 2,
  batch: 64,
  shards: 8,
};

Deno.test("estimateExchangeTime() is the time of two halves of the parameters by two ranks", () => {
  const link = { latency: 0, bandwidth: 1250 };
  assertAlmostEquals(estimateExchangeTime(S, link, 2), 4 * 101_770 / 1250, 1e-9);
  assertEquals(estimateExchangeTime(S, link, 1), 0);
  const slow = { latency: 10, bandwidth: 1250 };
  assertAlmostEquals(
    estimateExchangeTime(S, slow, 4) - estimateExchangeTime(S, link, 4),
    3 * 3 * 10,
    1e-9,
  );
});

Deno.test("estimateExchangeTime() counts every node of the rank that has most", () => {
  const link = { latency: 0, bandwidth: 1 };
  // by 3 ranks of 8 micro-batches: nodes 0-2; 2-4 and 4-5; 5-6 and 6-8
  const slice = S.parameters / 3;
  const most = 2 * (S.parameters - slice);
  assertAlmostEquals(estimateExchangeTime(S, link, 3), 4 * (most + S.parameters - slice), 1e-6);
});

Deno.test("estimateRankTime() divides gradients, repeats the update, and adds slices", () => {
  const link = { latency: 0, bandwidth: Infinity };
  assertEquals(estimateRankTime(S, link, 1), { ranks: 1, computing: 108, exchange: 0, total: 108 });
  const { computing, exchange } = estimateRankTime(S, link, 2);
  assertEquals(exchange, 0);
  assertAlmostEquals(computing, 45 + 18 + 18 * 3 / (2 * 7), 1e-9);
  assertAlmostEquals(estimateRankTime(S, link, 3).computing, 90 * 3 / 8 + 18 + 18 * 6 / 21, 1e-9);
});

Deno.test("estimateRankTime() rejects more ranks than micro-batches", () => {
  assertThrows(
    () => estimateRankTime(S, { latency: 1, bandwidth: 1 }, 9),
    RangeError,
    'expected at most as many ranks as "shards", 8: received 9 ranks',
  );
});
