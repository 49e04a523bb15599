/**
 * Measures the link between ranks.
 *
 * @module
 */
import type { LinkTime } from "../../run/timing.ts";
import type { Ranks } from "../../train/ranks/ranks.ts";

/** Exchanges of one byte with each rank, and of large blocks. */
const REPEATS = { small: 50, large: 3 } as const;

/** Bytes that a rank sends in an exchange of large blocks: too many for the processor's caches. */
const LARGE = 8 * 2 ** 20;

/**
 * Measures latency and bandwidth by exchanges among all ranks, in some tens of milliseconds. Undefined for
 * one rank, which has no link.
 */
export async function measureLink(ranks: Ranks): Promise<LinkTime | undefined> {
  const others = ranks.size - 1;
  if (others === 0) return undefined;
  const small = await exchangeTime(ranks, 1, REPEATS.small);
  const block = Math.ceil(LARGE / others);
  const large = await exchangeTime(ranks, block, REPEATS.large);
  return {
    ranks: ranks.size,
    latency: rounded(small / others),
    bandwidth: rounded(block * others / Math.max(large - small, 1e-3)), // bytes per µs
  };
}

/**
 * Returns the least time of exchanges in which each rank sends a block to each one, itself included, as in a
 * training step [µs]. Other work of the machine disturbs some of them.
 */
async function exchangeTime(ranks: Ranks, block: number, repeats: number): Promise<number> {
  const { size } = ranks;
  const buffers = [new Uint8Array(block * size), new Uint8Array(block * size)];
  const [send, receive] = buffers.map((bytes) =>
    Array.from({ length: size }, (_, rank) => bytes.subarray(block * rank, block * (rank + 1)))
  );
  await ranks.exchange(send, receive); // opens connections
  const times: number[] = [];
  for (let count = 0; count < repeats; count++) {
    const begun = performance.now();
    await ranks.exchange(send, receive);
    times.push(1000 * (performance.now() - begun));
  }
  return Math.min(...times);
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
