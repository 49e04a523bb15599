/**
 * A run that several ranks train together.
 *
 * Each rank reads the config and the data itself. Before training, all ranks compare the names of their runs,
 * which depend on config and data, and rank 0 sends the checkpoint that training resumes from, so that only
 * the host of rank 0 needs the run folder.
 *
 * @module
 */
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import type { LinkTime } from "../../lib/run/timing.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";

/** The outcome of a rank's work before training: the name of the run to train, or the message of an error. */
export type Preparation =
  | { readonly run: string }
  | { readonly error: string };

/**
 * The checkpoint that training continues from, and the best checkpoint so far. Both are undefined if training
 * starts from the seed or from the weights of another run.
 */
export interface StartCheckpoints {
  readonly from?: Checkpoint | undefined;
  readonly fromBest?: Checkpoint | undefined;
}

/**
 * The communication of one rank with the others that train the same run. All ranks call the asynchronous
 * methods in the same order, and each call waits for all.
 */
export interface JointRun {
  readonly ranks: Ranks;
  /** The link between the ranks, if it was measured. */
  readonly link?: LinkTime | undefined;
  /** Whether this rank leaves the run folder and all output to rank 0. */
  readonly isSilent: boolean;
  /**
   * Sends this rank's preparation to the others, and compares those of all ranks.
   *
   * @throws {OtherRankError} if a rank has failed, or ranks would train different runs
   */
  agree(own: Preparation): Promise<void>;
  /** Returns whether `agree()` has succeeded: all ranks are about to train the same run. */
  hasAgreed(): boolean;
  /**
   * Sends the checkpoints of rank 0 to the other ranks, and returns them on all. Returns undefined if rank 0
   * passes undefined, since the run is finished and no rank trains. Other ranks pass nothing.
   */
  begin(own?: StartCheckpoints): Promise<StartCheckpoints | undefined>;
  /** Waits until all ranks have called it at the end of their work. */
  settle(): Promise<void>;
}

/** Thrown when ranks cannot train together because of an error on another rank. */
export class OtherRankError extends Error {
  override readonly name: string = "OtherRankError";
  /** Whether all ranks failed with the same message. */
  readonly isOnAll: boolean;

  /** Creates an error with a message. */
  constructor(message: string, isOnAll: boolean) {
    super(message);
    this.isOnAll = isOnAll;
  }
}

/**
 * Returns the communication between ranks that train a run together.
 *
 * @param onBegin called by `begin()` on each rank before training, unless the run is finished
 * @param link measured latency and bandwidth between the ranks
 */
export function jointRun(ranks: Ranks, onBegin: () => void, link?: LinkTime): JointRun {
  const isSilent = ranks.rank > 0;
  let hasAgreed = false;
  return {
    ranks,
    link,
    isSilent,
    async agree(own) {
      const texts = (await exchangeBytes(ranks, new TextEncoder().encode(JSON.stringify(own))))
        .map((bytes) => new TextDecoder().decode(bytes));
      const all = texts.map((text): Preparation => JSON.parse(text));
      expectAgreement(all);
      hasAgreed = true;
    },
    hasAgreed: () => hasAgreed,
    async begin(own) {
      const [isTraining] = await exchangeBytes(ranks, Uint8Array.of(own === undefined ? 0 : 1));
      if (isTraining[0] === 0) return undefined;
      const sent = async (checkpoint: Checkpoint | undefined) => {
        const isSent = checkpoint !== undefined && !isSilent;
        const [bytes] = await exchangeBytes(
          ranks,
          isSent ? encodeCheckpoint(checkpoint) : new Uint8Array(),
        );
        if (!isSilent) return checkpoint;
        return bytes.length === 0 ? undefined : decodeCheckpoint(bytes);
      };
      const start = { from: await sent(own?.from), fromBest: await sent(own?.fromBest) };
      onBegin();
      return start;
    },
    async settle() {
      await exchangeBytes(ranks, new Uint8Array());
    },
  };
}

/** Sends bytes of any length from each rank to all others. Returns those of all ranks, indexed by rank. */
async function exchangeBytes(
  ranks: Ranks,
  ownBytes: Uint8Array,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const lengths = new Uint32Array(ranks.size);
  await ranks.gather(
    viewAsBytes(Uint32Array.of(ownBytes.length)),
    splitIntoBlocks(viewAsBytes(lengths), lengths.fill(4)),
  );
  const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const blocks = splitIntoBlocks(all, lengths);
  await ranks.gather(ownBytes, blocks);
  return blocks;
}

/** Returns a view of 32-bit numbers as bytes, on the same memory. */
function viewAsBytes({ buffer }: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

/** Returns views of consecutive blocks of bytes, of the given lengths. */
function splitIntoBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  lengths: Uint32Array,
): readonly Uint8Array<ArrayBuffer>[] {
  let end = 0;
  return Array.from(lengths, (length) => bytes.subarray(end, end += length));
}

/** Throws an {@linkcode OtherRankError} if a rank failed or ranks would train different runs. */
function expectAgreement(all: readonly Preparation[]): void {
  const failed = all.flatMap((each, rank) => "error" in each ? [{ rank, text: each.error }] : []);
  if (failed.length > 0) {
    const isOnAll = failed.length === all.length &&
      failed.every(({ text }) => text === failed[0].text);
    const lines = failed.map(({ rank, text }) => `rank ${rank}: ${text}`);
    throw new OtherRankError(
      `Cannot train by ${all.length} ranks: ${failed.length} failed:\n${lines.join("\n")}`,
      isOnAll,
    );
  }
  const runs = all.map((each) => "run" in each ? each.run : "");
  const other = runs.findIndex((run) => run !== runs[0]);
  if (other < 0) return;
  throw new OtherRankError(
    `Cannot train by ${all.length} ranks: expected the run "${runs[0]}" on all: ` +
      `received "${
        runs[other]
      }" on rank ${other}: use the same config, data and version everywhere`,
    false,
  );
}
