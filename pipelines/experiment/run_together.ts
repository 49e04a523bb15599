/**
 * Trains one run by several processes.
 *
 * @module
 */
import { fit } from "../../lib/train/fit.ts";
import { expectSame } from "../../lib/train/ranks/broadcast.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";
import {
  type ExperimentOptions,
  locateRun,
  prepareRun,
  runExperiment,
  trainingIn,
} from "./experiment.ts";
import { shareCheckpoints, shareFinished } from "./ranks.ts";
import type { ExperimentConfig } from "./stage_table.ts";
import { StoppedError } from "./stages.ts";

/**
 * Runs an experiment on several ranks, each of which calls this function with the same config and loads the
 * data itself. Returns the path of the run folder. Rank 0 alone writes it, evaluates the network, and shows
 * progress in its view; the others take part in training and need no access to the folder. A training that
 * was interrupted resumes from the checkpoint in the folder of rank 0, by any number of ranks.
 *
 * @throws {RangeError} on all ranks, if configs or data differ, or there are more ranks than micro-batches
 * @throws {DivergedError} on all ranks, if numbers are no longer finite
 * @throws {StoppedError} on all ranks, if the signal of any was aborted
 */
export async function runTogether(
  source: ExperimentConfig,
  options: ExperimentOptions & { readonly ranks: Ranks },
): Promise<string> {
  return options.ranks.rank === 0
    ? await runExperiment(source, options)
    : await takePart(source, options);
}

async function takePart(
  source: ExperimentConfig,
  options: ExperimentOptions & { readonly ranks: Ranks },
): Promise<string> {
  const { ranks, workers, origin, signal } = options;
  const located = await locateRun(source, options);
  const { name, path, config } = located;
  await expectSame(ranks, "run", name);
  const { prepared, ahead } = await prepareRun(located, options);
  if (await shareFinished(ranks, false)) return path;
  const { from = origin?.checkpoint, best = origin?.best } = await shareCheckpoints(ranks);
  const { finished } = await fit({
    ...trainingIn(ahead, prepared, config),
    initial: origin?.model.parameters,
    fromBest: best,
    ...(from && { from }),
    workers,
    ranks,
    signal,
  });
  if (!finished) throw new StoppedError("Training was stopped");
  return path;
}
