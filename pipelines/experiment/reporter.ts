/**
 * Reports the progress of a training to checkpoints, log and view, and records failures.
 *
 * @module
 */
import { WorkerError } from "../../lib/engine/workers/connection.ts";
import type { Log } from "../../lib/io/log.ts";
import type { RunFolder } from "../../lib/io/results/run_folder.ts";
import { FILES } from "../../lib/run/folder.ts";
import { encodeMetrics } from "../../lib/run/metrics.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import { DivergedError } from "../../lib/train/fit.ts";
import { addTimes, repeatEvery } from "../cli/progress.ts";
import { type StageContext, StoppedError } from "./stages.ts";
import type { View } from "../cli/view.ts";

/** Milliseconds between two lines of progress.jsonl. */
const SECOND = 1000;

/**
 * Callbacks of a training that write checkpoints and log lines, and update the view. Disposing stops timers.
 */
interface Reporter
  extends Disposable, Required<Pick<StageContext, "onBest" | "onCheckpoint" | "onStart">> {
  /**
   * Waits until all checkpoints are written.
   *
   * @throws {Error} if a checkpoint could not be written
   */
  settle(): Promise<void>;
}

/** Destinations of a training's progress: run folder, log and view. */
interface ReporterOptions {
  readonly folder: RunFolder;
  readonly log: Log;
  readonly view: View;
  /** Time [s] after the latest checkpoint at which one is written within an epoch. Defaults to none. */
  readonly checkpointInterval?: number | undefined;
}

/**
 * Opens the reporter of a training. Checkpoints are written while the next steps are computed.
 */
export function openReporter(
  { folder, log, view, checkpointInterval: seconds }: ReporterOptions,
): Reporter {
  const open = new DisposableStack();
  const writes = openWriteQueue();
  let request: () => void = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    if (seconds !== undefined) timer = setTimeout(() => request(), SECOND * seconds);
  };
  open.defer(() => clearTimeout(timer));
  return {
    onStart({ progress, requestCheckpoint }) {
      request = requestCheckpoint;
      restart();
      view.showTraining(progress);
      const timedProgress = addTimes(progress);
      open.use(repeatEvery(SECOND, () => {
        try {
          folder.append(FILES.progress, JSON.stringify(timedProgress()));
        } catch {
          // only live views need this file; if the disk is full, the next checkpoint fails loudly
        }
      }));
    },
    onBest: (checkpoint) => writes.add(() => folder.saveBest(checkpoint)),
    async onCheckpoint(checkpoint, epoch?: EpochRecord) {
      restart();
      await writes.add(async () => {
        await folder.saveCheckpoint(checkpoint);
        await folder.write(FILES.metrics, encodeMetrics(checkpoint.history.epochs));
        log.debug("checkpoint written", checkpoint.position);
      });
      if (epoch === undefined) return;
      log.info("epoch finished", epoch);
      view.showEpoch(epoch);
    },
    settle: () => writes.settle(),
    [Symbol.dispose]: () => open.dispose(),
  };
}

/** Returns a queue of writes, which run one after the other while training continues. */
function openWriteQueue() {
  let [before, last] = [Promise.resolve(), Promise.resolve()];
  return {
    /** Queues a write; resolves when the write before the previous one has ended. */
    async add(write: () => Promise<void>): Promise<void> {
      const ready = before;
      before = last;
      last = last.then(waitForNextTask).then(write);
      last.catch(() => {}); // settle() reports the failure
      await ready;
    },
    /** Resolves when all queued writes have ended; rejects with the first error. */
    settle: () => last,
  };
}

/** Waits for the event loop's next task, so that the next steps have been handed to the workers. */
function waitForNextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Calls a function that reads files of a run, and returns its result. Adds to a SyntaxError, about an invalid
 * file, that `--fresh` trains the run again.
 */
export async function withFreshHint<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${error.message}: --fresh trains the run again`, { cause: error });
  }
}

/**
 * Returns a copy of a worker's error whose message also states the step from which the same command resumes,
 * or that it starts again.
 */
export async function withResumeHint(
  { message }: WorkerError,
  folder: RunFolder,
): Promise<WorkerError> {
  const { from } = await folder.resume({});
  const effect = from === undefined ? "starts again" : `resumes from step ${from.position.step}`;
  return new WorkerError(`${message}: the same command ${effect}`);
}

/**
 * Logs the reason for a run's early end. If training diverged, saves a checkpoint of the last finite state.
 */
export async function recordFailure(error: unknown, folder: RunFolder, log: Log): Promise<void> {
  try {
    if (error instanceof DivergedError) await folder.saveCheckpoint(error.lastGood);
    if (error instanceof StoppedError) log.info("run stopped");
    else log.error(error instanceof Error ? error.message : String(error));
  } catch {
    // the first error is the one to report; this one usually has the same cause
  }
}
