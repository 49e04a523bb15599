/**
 * What a run says of itself while it is made: checkpoints, log, view; and how it ends.
 *
 * @module
 */
import { WorkerError } from "../../lib/engine/workers/connection.ts";
import type { Log } from "../../lib/io/log.ts";
import type { RunFolder } from "../../lib/io/run_folder.ts";
import { FILES } from "../../lib/run/folder.ts";
import { encodeMetrics } from "../../lib/run/metrics.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import { DivergedError } from "../../lib/train/fit.ts";
import { every, timed } from "../cli/progress.ts";
import { type Context, StoppedError } from "./stages.ts";
import type { View } from "../cli/view.ts";

/** Milliseconds between two lines of progress.jsonl. */
const SECOND = 1000;

/** What happens while a network is trained: files, log, view. */
export function openReporter(
  folder: RunFolder,
  log: Log,
  view: View,
): Disposable & Required<Pick<Context, "onBest" | "onCheckpoint" | "onStart">> {
  const open = new DisposableStack();
  return {
    onStart(watch) {
      view.training(watch);
      const progress = timed(watch);
      open.use(every(SECOND, () => {
        try {
          folder.append(FILES.progress, JSON.stringify(progress()));
        } catch {
          // live views can go without it; if the disk is full, the next checkpoint will tell
        }
      }));
    },
    onBest: (checkpoint) => folder.saveBest(checkpoint),
    async onCheckpoint(checkpoint, epoch?: EpochRecord) {
      await folder.saveCheckpoint(checkpoint);
      await folder.write(FILES.metrics, encodeMetrics(checkpoint.history.epochs));
      log.debug("checkpoint written", checkpoint.position);
      if (epoch === undefined) return;
      log.info("epoch finished", epoch);
      view.epoch(epoch);
    },
    [Symbol.dispose]: () => open.dispose(),
  };
}

/** Says of a file that cannot be understood what can be done about it. */
export async function withAdvice<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${error.message}: --fresh makes the run again`, { cause: error });
  }
}

/** Says from where the run can go on though a worker has failed. */
export async function withWayOn({ message }: WorkerError, folder: RunFolder): Promise<WorkerError> {
  const { from } = await folder.resume({});
  const way = from === undefined ? "begins again" : `goes on from step ${from.position.step}`;
  return new WorkerError(`${message}: the same command ${way}`);
}

/** Takes down why a run ended early, and keeps what can be gone on from. */
export async function takeDown(error: unknown, folder: RunFolder, log: Log): Promise<void> {
  try {
    if (error instanceof DivergedError) await folder.saveCheckpoint(error.lastGood);
    if (error instanceof StoppedError) log.info("run stopped");
    else log.error(error instanceof Error ? error.message : String(error));
  } catch {
    // the first error is the one to tell; this one mostly has the same reason
  }
}
