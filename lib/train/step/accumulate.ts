/**
 * Gradient accumulation: one update from the gradients of several batches, for updates of more samples than
 * fit into memory at once.
 *
 * Each step processes one batch and adds its gradient, weighted by the batch's fraction of the update's
 * samples, to the accumulated gradient: the sum is the gradient of the mean loss over all samples of the
 * update. The last step of an update then changes the parameters. The last update of an epoch may have
 * fewer batches.
 *
 * @module
 */
import type { Batches } from "../batches.ts";

/** The division of an epoch's steps into updates. */
export interface Updates {
  /** Steps in an update. */
  readonly every: number;
  /** Updates in an epoch. */
  readonly perEpoch: number;
  /** Returns whether a step, counted from 0 in its epoch, is the last of its update. */
  isUpdate(step: number): boolean;
  /** Returns the number of a step's update; both are counted from 1 since the start of training. */
  numberOf(step: number): number;
  /** Returns the fraction of its update's samples in a step's batch; steps count from 0 in their epoch. */
  shareOf(step: number): number;
}

/** Divides the steps over an epoch's batches into updates of `every` steps. */
export function updatesOf({ steps, size, whole, rest }: Batches, every: number): Updates {
  const perEpoch = Math.ceil(steps / every);
  const batchSizeOf = (step: number) => step < whole ? size : rest;
  return {
    every,
    perEpoch,
    isUpdate: (step) => (step + 1) % every === 0 || step + 1 === steps,
    numberOf(step) {
      const inEpoch = (step - 1) % steps;
      return (step - 1 - inEpoch) / steps * perEpoch + Math.floor(inEpoch / every) + 1;
    },
    shareOf(step) {
      const first = step - step % every;
      let samples = 0;
      for (let i = first; i < Math.min(first + every, steps); i++) samples += batchSizeOf(i);
      return batchSizeOf(step) / samples;
    },
  };
}
