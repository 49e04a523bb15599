/**
 * Decisions of rank 0 for all ranks that train a run together. It alone opens the run folder, so it sends the
 * others whether the run is finished, and the checkpoints from which training resumes.
 *
 * @module
 */
import type { SavedState } from "../../lib/io/results/run_folder.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { broadcast } from "../../lib/train/ranks/broadcast.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";

/** Returns whether the run is finished, as rank 0 knows. */
export async function shareFinished(ranks: Ranks, isFinished: boolean): Promise<boolean> {
  const [byte] = await broadcast(ranks, Uint8Array.of(Number(isFinished)));
  return byte === 1;
}

/** Returns the checkpoints of rank 0, from which all ranks resume. */
export async function shareCheckpoints(ranks: Ranks, state: SavedState = {}): Promise<SavedState> {
  const share = async (checkpoint: SavedState["from"]) => {
    const bytes = await broadcast(ranks, checkpoint && encodeCheckpoint(checkpoint));
    return bytes.length === 0 ? undefined : decodeCheckpoint(bytes);
  };
  const from = await share(state.from);
  const best = await share(state.best);
  return { ...(from && { from }), ...(best && { best }) };
}
