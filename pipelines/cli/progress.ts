import type { Progress } from "../../lib/train/options.ts";

export interface TimedProgress extends Progress {
  /** Samples a second since the start, validation included. */
  readonly samplesPerSecond: number;
  /** Seconds until the last step, at the speed so far. */
  readonly secondsLeft: number;
}

/** Adds speed and remaining time, measured from now on, to progress; `now` is a clock [milliseconds]. */
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

/** Calls a function at an interval until the result is disposed of. */
export function every(milliseconds: number, act: () => void): Disposable {
  const timer = setInterval(act, milliseconds);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
