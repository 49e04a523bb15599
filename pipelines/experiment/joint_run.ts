/**
 * A run that several ranks train together.
 *
 * Each rank reads the config and the data itself. Before training, all compare the names of their runs, which
 * depend on both, and rank 0 sends the checkpoint that training resumes from, so that only its host needs
 * the run folder.
 *
 * @module
 */
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import type { LinkTime } from "../../lib/run/timing.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";

/** The outcome of a rank's preparation: the name of the run that it prepared, or the message of an error. */
export type Preparation =
  | { readonly run: string }
  | { readonly error: string };

/**
 * The newest and the best checkpoint from which training starts. Both are undefined if it starts from the
 * seed or from another run.
 */
export interface Start {
  readonly from?: Checkpoint | undefined;
  readonly fromBest?: Checkpoint | undefined;
}

/** A run that several ranks train together. */
export interface JointRun {
  readonly ranks: Ranks;
  /** The link between the ranks, if it was measured. */
  readonly link?: LinkTime | undefined;
  /** Whether this rank leaves the run folder and all output to rank 0. */
  readonly isSilent: boolean;
  /**
   * Compares the preparations of all ranks.
   *
   * @throws {OtherRankError} if another rank has failed or would train another run
   */
  agree(own: Preparation): Promise<void>;
  /** Returns whether all ranks have agreed to train. */
  hasBegun(): boolean;
  /**
   * Sends rank 0's start to the other ranks, and returns it on all; undefined if the run is finished and so
   * no rank trains.
   */
  begin(own?: Start): Promise<Start | undefined>;
  /** Waits until all ranks are done. */
  settle(): Promise<void>;
}

/** Thrown when ranks cannot train together because of an error on another rank. */
export class OtherRankError extends Error {
  override readonly name: string = "OtherRankError";
  /** Whether all ranks failed by the same error. */
  readonly isOnAll: boolean;

  /** Creates the error. */
  constructor(message: string, isOnAll: boolean) {
    super(message);
    this.isOnAll = isOnAll;
  }
}

/**
 * Returns the communication between ranks that train a run together. `link` is the measured link between
 * them.
 *
 * @param onBegin called when training begins
 */
export function jointRun(ranks: Ranks, onBegin: () => void, link?: LinkTime): JointRun {
  const isSilent = ranks.rank > 0;
  let hasBegun = false;
  return {
    ranks,
    link,
    isSilent,
    async agree(own) {
      const texts = (await exchangeBytes(ranks, new TextEncoder().encode(JSON.stringify(own))))
        .map((bytes) => new TextDecoder().decode(bytes));
      const all = texts.map((text): Preparation => JSON.parse(text));
      expectAgreement(all);
      hasBegun = true;
    },
    hasBegun: () => hasBegun,
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

/** Sends a rank's own bytes to all ranks, and returns the bytes of every rank in the order of ranks. */
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

function viewAsBytes({ buffer }: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

/** Splits bytes into consecutive blocks. */
function splitIntoBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  lengths: Uint32Array,
): readonly Uint8Array<ArrayBuffer>[] {
  let end = 0;
  return Array.from(lengths, (length) => bytes.subarray(end, end += length));
}

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
