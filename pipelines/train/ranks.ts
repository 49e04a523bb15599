/**
 * Trains a run by ranks, processes that an MPI launcher has started.
 *
 * Rank 0 opens the run folder, prints and writes; the other ranks only compute. An error on one rank ends all
 * ranks: before training rank 0 prints the errors of all, afterwards the rank that failed prints its own.
 *
 * @module
 */
import { native } from "../../lib/io/native.ts";
import { measureLink } from "../../lib/io/mpi/link.ts";
import { joinMpiRanks, type MpiRanks, RankTimeoutError } from "../../lib/io/mpi/ranks.ts";
import { printMessage } from "../../lib/io/print.ts";
import { DivergedError } from "../../lib/train/fit.ts";
import { type JointRun, jointRun, OtherRankError } from "../experiment/joint_run.ts";
import { StoppedError } from "../experiment/stages.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../train.ts";

type TrainInvocation = InvocationOf<typeof command>;

/**
 * Longest time [s] that a rank waits for the others before and after training, while rank 0 loads, evaluates
 * or draws. During training, the option `--mpi-timeout` replaces it.
 */
const PATIENCE = 3600;

/**
 * Time [ms] that other ranks wait after an error that all ranks have, so that rank 0 prints its message and
 * ends all ranks.
 */
const PRECEDENCE = 2000;

/** Exit code of all ranks after a failure. */
const FAILED = 1;

/**
 * Trains a run as one of several ranks. Returns undefined after a training. If the training failed, rank 0
 * throws the error, and any other rank returns its exit code.
 *
 * @param train function that trains the run with the given communication between ranks
 */
export async function trainByRanks(
  { options, startup }: TrainInvocation,
  train: (joint: JointRun) => Promise<void>,
): Promise<number | void> {
  if (options.backend === "blas") {
    throw new UsageError('expected no "--backend blas" with --mpi: received one');
  }
  const { mpiLibrary: path, mpiTimeout } = options;
  const ranks = joinMpiRanks(native, { launcher: startup.launcher, path, patience: PATIENCE });
  const link = await measureLink(ranks);
  const joint = jointRun(ranks, () => ranks.setPatience(mpiTimeout), link);
  try {
    await train(joint);
    ranks.setPatience(PATIENCE);
    await joint.settle();
    await ranks.close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!joint.hasAgreed()) return await shareEarlyError(error, joint, ranks);
    if (error instanceof StoppedError) return await stopTogether(error, joint, ranks);
    if (ranks.rank > 0) return await abortAllRanks(error, ranks);
    globalThis.addEventListener("unload", () => ranks.abort(FAILED)); // after the message is printed
    throw error;
  }
}

/**
 * Sends an error that occurred before training to all ranks. Rank 0 throws the errors of all ranks. Other
 * ranks return the exit code 0, since Open MPI kills rank 0 as soon as another rank ends with an error.
 */
async function shareEarlyError(error: Error, joint: JointRun, ranks: MpiRanks): Promise<number> {
  const shared = error instanceof OtherRankError
    ? error
    : await joint.agree({ error: error.message }).then(() => error, (others) => others);
  await ranks.close();
  if (ranks.rank > 0) return 0;
  // errors that all ranks have, such as those in a config, are printed as by one process
  throw shared instanceof OtherRankError && !shared.isOnAll ? shared : error;
}

/**
 * Ends a rank after a signal stopped all ranks at the same step. Rank 0 throws the error after its
 * checkpoint is written; other ranks return the exit code 0.
 */
async function stopTogether(error: Error, joint: JointRun, ranks: MpiRanks): Promise<number> {
  await joint.settle();
  await ranks.close();
  if (ranks.rank === 0) throw error;
  return 0;
}

/**
 * Prints an error that occurred on this rank, one other than 0, and ends all ranks. If all ranks have this
 * error, waits two seconds first, so that rank 0 can print it and end all ranks itself.
 */
async function abortAllRanks(error: Error, { rank, host, abort }: MpiRanks): Promise<number> {
  const isOnAll = error instanceof DivergedError || error instanceof RankTimeoutError;
  if (isOnAll) await new Promise((resolve) => setTimeout(resolve, PRECEDENCE));
  printMessage(`rank ${rank} on ${host}: ${error.message}`);
  abort(FAILED);
  return FAILED;
}
