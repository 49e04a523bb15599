/**
 * Gradient accumulation: several batches to an update, for batches larger than fit into memory or than
 * the epoch's steps are to be.
 *
 * Each step is of one batch. All but the last of an update add their gradient to what was accumulated,
 * by their share of the update's samples, so that the sum is the gradient of the mean loss over all of
 * them. The last update of an epoch may be of fewer batches.
 *
 * @module
 */
import type { Batches } from "../batches.ts";

export interface Updates {
  readonly every: number;
  readonly perEpoch: number;
  /** Whether the parameters change at a step of an epoch, counted from 0. */
  isUpdate(step: number): boolean;
  /** Number of the update that a step belongs to, both counted from 1 since the start of training. */
  numberOf(step: number): number;
  /** Share of a step's batch, counted from 0 in its epoch, in the samples of its update. */
  shareOf(step: number): number;
}

export function updatesOf({ steps, size, whole, rest }: Batches, every: number): Updates {
  const perEpoch = Math.ceil(steps / every);
  const samplesOf = (step: number) => step < whole ? size : rest;
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
      for (let i = first; i < Math.min(first + every, steps); i++) samples += samplesOf(i);
      return samplesOf(step) / samples;
    },
  };
}
