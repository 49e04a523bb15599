/**
 * Measurement of the link between ranks.
 *
 * @module
 */
import type { LinkTime } from "../../run/timing.ts";
import type { Ranks } from "../../train/ranks/ranks.ts";

/** Number of timed exchanges of one byte with each rank, and of large blocks. */
const REPEATS = { small: 50, large: 3 } as const;

/** Bytes that a rank sends in an exchange of large blocks: too many for the processor's caches. */
const LARGE = 8 * 2 ** 20;

/**
 * Measures the latency and bandwidth of the link by exchanges among all ranks, in some tens of
 * milliseconds. Returns undefined for a single rank, which has no link.
 */
export async function measureLink(ranks: Ranks): Promise<LinkTime | undefined> {
  const others = ranks.size - 1;
  if (others === 0) return undefined;
  const small = await exchangeTime(ranks, 1, REPEATS.small);
  const block = Math.ceil(LARGE / others);
  const large = await exchangeTime(ranks, block, REPEATS.large);
  return {
    ranks: ranks.size,
    latency: roundToTenth(small / others),
    bandwidth: roundToTenth(block * others / Math.max(large - small, 1e-3)), // bytes per µs
  };
}

/**
 * Measures `repeats` exchanges, and returns the shortest time (µs). In an exchange, each rank sends a block
 * of `block` bytes to every rank, itself included, as in a training step. The shortest time is that which
 * other work of the machine disturbed least.
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

function roundToTenth(value: number): number {
  return Math.round(10 * value) / 10;
}
