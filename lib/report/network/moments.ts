import { formatCounted } from "../../format/numbers.ts";

/** Moments of a training: epochs finished and steps taken until each. */
interface Moments {
  readonly epochs: Uint32Array;
  readonly steps: Uint32Array;
}

/** Returns the title of a moment. Training may end within an epoch, after an end of one that is drawn. */
export function momentTitle({ epochs, steps }: Moments, moment: number): string {
  const epoch = epochs[moment];
  if (steps[moment] === 0) return "before training";
  if (moment > 0 && epochs[moment - 1] === epoch) return `within epoch ${epoch + 1}`;
  return `after ${formatCounted(epoch, "epoch")}`;
}
