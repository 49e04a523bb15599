/**
 * Messages between ranks besides gradients: bytes of rank 0 for all, and a check that all agree.
 *
 * @module
 */
import { sha256 } from "../../data/sha256.ts";
import type { Ranks } from "./ranks.ts";

/** Returns the bytes that rank 0 passes, on all ranks; those of other ranks are ignored. */
export async function broadcast(
  ranks: Ranks,
  bytes: Uint8Array = new Uint8Array(),
): Promise<Uint8Array<ArrayBuffer>> {
  const sent = ranks.rank === 0 ? bytes : new Uint8Array();
  const length = new DataView(new ArrayBuffer(8));
  length.setFloat64(0, sent.length);
  const lengths = new Uint8Array(8 * ranks.size);
  await ranks.gather(new Uint8Array(length.buffer), partsOf(lengths, ranks, 8));
  const received = new Uint8Array(new DataView(lengths.buffer).getFloat64(0));
  const blocks = Array.from(
    { length: ranks.size },
    (_, rank) => rank === 0 ? received : received.subarray(received.length),
  );
  await ranks.gather(sent, blocks);
  return received;
}

/**
 * Checks that all ranks pass the same text.
 *
 * @param what name of the text, for the message
 * @throws {RangeError} on all ranks, if one passes another than rank 0
 */
export async function expectSame(ranks: Ranks, what: string, text: string): Promise<void> {
  const own = new TextEncoder().encode(sha256(new TextEncoder().encode(text)));
  const received = new Uint8Array(own.length * ranks.size);
  const all = partsOf(received, ranks, own.length);
  await ranks.gather(own, all);
  const other = all.findIndex((hash) => hash.some((byte, index) => byte !== all[0][index]));
  if (other < 0) return;
  throw new RangeError(
    `Cannot train together: expected the same ${what} on all ranks: received another on rank ${other}`,
  );
}

function partsOf(bytes: Uint8Array, { size }: Ranks, length: number): readonly Uint8Array[] {
  return Array.from(
    { length: size },
    (_, rank) => bytes.subarray(rank * length, (rank + 1) * length),
  );
}
