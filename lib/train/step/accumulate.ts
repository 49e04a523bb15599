/**
 * Gradient accumulation: one update from the gradients of several batches, for updates of more samples than
 * fit into memory at once.
 *
 * Each step processes one batch and adds its gradient to the accumulated gradient. The weight of a gradient
 * is the batch's fraction of the update's samples, so that the sum is the gradient of the mean loss over all
 * samples of the update. The last step of an update then changes the parameters. The last update of an epoch
 * may have fewer batches.
 *
 * @module
 */
import type { Batches } from "../batches.ts";

/** Division of an epoch's steps into updates. */
export interface Updates {
  /** Number of steps in an update; the last update of an epoch may have fewer. */
  readonly every: number;
  /** Number of updates in an epoch. */
  readonly perEpoch: number;
  /** Returns whether a step is the last of its update. Steps are counted from 0 in their epoch. */
  isUpdate(step: number): boolean;
  /**
   * Returns the number of the update to which a step belongs. Steps and updates are counted from 1 since the
   * start of training.
   */
  numberOf(step: number): number;
  /**
   * Returns the number of samples in a step's batch as a fraction of those in its update. Steps are counted
   * from 0 in their epoch.
   */
  shareOf(step: number): number;
}

/** Divides the steps of an epoch into updates of `stepsPerUpdate` steps. The last update may have fewer. */
export function divideIntoUpdates(
  { steps, size, whole, rest }: Batches,
  stepsPerUpdate: number,
): Updates {
  const perEpoch = Math.ceil(steps / stepsPerUpdate);
  const batchSizeOf = (step: number) => step < whole ? size : rest;
  return {
    every: stepsPerUpdate,
    perEpoch,
    isUpdate: (step) => (step + 1) % stepsPerUpdate === 0 || step + 1 === steps,
    numberOf(step) {
      const inEpoch = (step - 1) % steps;
      return (step - 1 - inEpoch) / steps * perEpoch + Math.floor(inEpoch / stepsPerUpdate) + 1;
    },
    shareOf(step) {
      const first = step - step % stepsPerUpdate;
      let samples = 0;
      for (let i = first; i < Math.min(first + stepsPerUpdate, steps); i++) {
        samples += batchSizeOf(i);
      }
      return batchSizeOf(step) / samples;
    },
  };
}
