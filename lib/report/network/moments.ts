import { formatCountWithNoun } from "../../format/numbers.ts";

/** Moments of a training: the numbers of finished epochs and of steps at each moment [moments]. */
interface Moments {
  readonly epochs: Uint32Array;
  readonly steps: Uint32Array;
}

/**
 * Returns the title of a moment of training: "before training", "after 3 epochs" or, if training ended within
 * an epoch, "within epoch 4".
 */
export function momentTitle({ epochs, steps }: Moments, moment: number): string {
  const epoch = epochs[moment];
  if (steps[moment] === 0) return "before training";
  if (moment > 0 && epochs[moment - 1] === epoch) return `within epoch ${epoch + 1}`;
  return `after ${formatCountWithNoun(epoch, "epoch")}`;
}
