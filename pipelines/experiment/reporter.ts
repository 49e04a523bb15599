/**
 * What a run says of itself while it is made: checkpoints, log, view; and how it ends.
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
import { every, timed } from "../cli/progress.ts";
import { type Context, StoppedError } from "./stages.ts";
import type { View } from "../cli/view.ts";

/** Milliseconds between two lines of progress.jsonl. */
const SECOND = 1000;

/** What a run says of itself. */
interface Reporter
  extends Disposable, Required<Pick<Context, "onBest" | "onCheckpoint" | "onStart">> {
  /**
   * Waits until all checkpoints are written.
   *
   * @throws {Error} if one could not be
   */
  settle(): Promise<void>;
}

interface ReporterOptions {
  readonly folder: RunFolder;
  readonly log: Log;
  readonly view: View;
  /** Seconds after which a checkpoint is written within an epoch; never if not given. */
  readonly every?: number | undefined;
}

/**
 * Reports what happens while a network is trained: by files, log and view. Checkpoints are written while
 * training goes on.
 */
export function openReporter({ folder, log, view, every: seconds }: ReporterOptions): Reporter {
  const open = new DisposableStack();
  const writes = writesBehind();
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
      view.training(progress);
      const timedProgress = timed(progress);
      open.use(every(SECOND, () => {
        try {
          folder.append(FILES.progress, JSON.stringify(timedProgress()));
        } catch {
          // live views can go without it; if the disk is full, the next checkpoint will tell
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
      view.epoch(epoch);
    },
    settle: () => writes.settle(),
    [Symbol.dispose]: () => open.dispose(),
  };
}

/** Writes that are done one after the other, while others wait for none of them but the last but one. */
function writesBehind() {
  let [before, last] = [Promise.resolve(), Promise.resolve()];
  return {
    /** Begins a write after those before it; returns once at most one waits for another. */
    async add(write: () => Promise<void>): Promise<void> {
      const ready = before;
      before = last;
      last = last.then(laterOn).then(write);
      last.catch(() => {}); // whoever waits for it sees why it failed
      await ready;
    },
    settle: () => last,
  };
}

/** Waits until the steps that are next have been handed to the workers. */
function laterOn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
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
