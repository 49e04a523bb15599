import type { Progress } from "../../lib/train/options.ts";

/** The progress of a training with its speed and remaining time. */
export interface TimedProgress extends Progress {
  /** Trained samples per second since the clock started; the time of validation counts too. */
  readonly samplesPerSecond: number;
  /** Seconds until the end of the last step, at the speed so far; 0 before the first step is done. */
  readonly secondsLeft: number;
}

/**
 * Starts a clock, and returns a function that returns the progress of a training with its speed and remaining
 * time, as measured since then.
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

/** Calls `act` every `milliseconds` until the returned object is disposed of. */
export function repeatEvery(milliseconds: number, act: () => void): Disposable {
  const timer = setInterval(act, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
