/**
 * Ranks within one process: each is a chain of promises, and bytes are copied from one to the other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";

/** Blocks that the ranks send in one call, for each rank. */
type Sent = readonly (readonly Uint8Array[])[];

/** Returns ranks that exchange bytes with each other, and counts of what they exchange. */
export function localRanks(size: number): readonly Ranks[] {
  let waiting: { readonly rank: number; readonly blocks: readonly Uint8Array[] }[] = [];
  let round = Promise.withResolvers<Sent>();
  /** Resolves to what all ranks have sent, once they have. The bytes are copies. */
  const meet = (rank: number, blocks: readonly Uint8Array[]): Promise<Sent> => {
    assertEquals(waiting.some((other) => other.rank === rank), false, "two calls at once");
    assertEquals(blocks.length, size);
    waiting.push({ rank, blocks: blocks.map((block) => block.slice()) });
    const { promise, resolve } = round;
    if (waiting.length === size) {
      resolve(waiting.toSorted((a, b) => a.rank - b.rank).map(({ blocks }) => blocks));
      waiting = [];
      round = Promise.withResolvers();
    }
    return promise;
  };
  const fill = (sent: readonly Uint8Array[], receive: readonly Uint8Array[]) => {
    assertEquals(receive.map(({ length }) => length), sent.map(({ length }) => length));
    const [{ buffer }] = receive;
    assertEquals(receive.every((block) => block.buffer === buffer), true, "views of one buffer");
    receive.forEach((block, index) => block.set(sent[index]));
  };
  return Array.from({ length: size }, (_, rank): Ranks => ({
    rank,
    size,
    async exchange(send, receive) {
      const sent = await meet(rank, send);
      fill(sent.map((blocks) => blocks[rank]), receive);
    },
    async gather(own, all) {
      const sent = await meet(rank, Array.from({ length: size }, () => own));
      fill(sent.map((blocks) => blocks[rank]), all);
    },
  }));
}
