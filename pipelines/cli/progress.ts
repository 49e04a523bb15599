import type { Progress } from "../../lib/train/options.ts";

export interface TimedProgress extends Progress {
  /** Samples a second since the start, validation included. */
  readonly samplesPerSecond: number;
  /** Seconds until the last step, at the speed so far. */
  readonly secondsLeft: number;
}

/** Adds the speed since now to what is watched; `now` is a clock, in milliseconds. */
export function timed(
  watch: () => Progress,
  now: () => number = () => performance.now(),
): () => TimedProgress {
  const begun = now();
  return () => {
    const progress = watch();
    const seconds = (now() - begun) / 1000;
    const { samples, stepsTaken, step, steps } = progress;
    const perStep = stepsTaken === 0 ? 0 : seconds / stepsTaken;
    return {
      ...progress,
      samplesPerSecond: seconds === 0 ? 0 : Math.round(samples / seconds),
      secondsLeft: perStep * (steps - step),
    };
  };
}

/** Does something again and again, after so many milliseconds each, until it is disposed of. */
export function every(milliseconds: number, act: () => void): Disposable {
  const timer = setInterval(act, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
