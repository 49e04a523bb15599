import type { Progress } from "../../lib/train/options.ts";

/** The progress of a training with its speed and remaining time. */
export interface TimedProgress extends Progress {
  /** Samples per second since the start, including the time of validation. */
  readonly samplesPerSecond: number;
  /** Seconds until the last step, at the speed so far. */
  readonly secondsLeft: number;
}

/**
 * Returns a function that returns the progress of a training with its speed and remaining time. These are
 * measured from the call of `addTimes`.
 *
 * @param watch function that returns the progress
 * @param now clock [ms]
 */
export function addTimes(
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

/** Calls a function at an interval until the result is disposed of. */
export function repeatEvery(milliseconds: number, act: () => void): Disposable {
  const timer = setInterval(act, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
