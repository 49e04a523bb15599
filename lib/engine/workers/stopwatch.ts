/**
 * A worker's stopwatch: in some steps it reads the clock after each call, and adds up the time of each call
 * and the time spent waiting for other workers.
 *
 * One step in {@linkcode PERIOD} of a program is timed, the same one by all workers. All other steps run as
 * without a clock. Results do not depend on timing.
 *
 * @module
 */

import type { Watcher } from "./executor.ts";

/** A function that returns the time since a moment that stays the same, in microseconds. */
type Clock = () => number;

/** Exports of a module with a clock. */
export interface ClockModule {
  readonly now: Clock;
  /** Time at which the clock reads 0, in microseconds since 1970. */
  readonly origin: number;
}

/** Times of the calls of a program, averaged over timed steps. */
export interface StepTimes {
  /** Number of executed steps. */
  readonly steps: number;
  /** Number of timed steps. */
  readonly timed: number;
  /** Mean time of each call over timed steps and workers, in microseconds. */
  readonly calls: readonly number[];
  /** Mean time that a worker waits for others in a step, in microseconds; 0 with one worker. */
  readonly waiting: number;
}

/**
 * Number of steps from one timed step to the next. A timed step of 0.12 ms by two workers with ten barriers
 * takes up to a tenth longer, so all steps together take 0.2 % longer.
 */
export const PERIOD = 64;

/** Index of the first timed step, from 0. Earlier steps are slower, while caches and code are cold. */
export const FIRST = 16;

/**
 * Offsets of the words after the times of the calls: time waiting, number of timed steps, number of executed
 * steps. The last element is the number of these words.
 */
const [WAITING, TIMED_STEPS, STEPS, WORDS] = [0, 1, 2, 3];

/**
 * Returns shared memory in which a worker adds up the times of a program with `calls` calls, all zero: a sum
 * for each call, the time spent waiting, and numbers of steps.
 */
export function allocateTimeSums(calls: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * (calls + WORDS)));
}

/** Computes mean times per step of a program from the sums of all workers, one array for each. */
export function averageTimes(sums: readonly [Float64Array, ...Float64Array[]]): StepTimes {
  const calls = sums[0].length - WORDS;
  const each = (index: number) => sums.map((own) => own[index]);
  const total = (index: number) => each(index).reduce((sum, own) => sum + own, 0);
  const timed = total(calls + TIMED_STEPS);
  const mean = (index: number) => timed === 0 ? 0 : Math.max(0, total(index) / timed);
  return {
    steps: Math.max(...each(calls + STEPS)),
    timed: Math.max(...each(calls + TIMED_STEPS)),
    calls: Array.from({ length: calls }, (_, call) => mean(call)),
    waiting: sums.length === 1 ? 0 : mean(calls + WAITING),
  };
}

/** A stopwatch for the steps of a program. */
export interface Stopwatch extends Watcher {
  /**
   * Returns the number of steps before the next one to time, when `stepsDone` steps of a segment have been
   * executed; 0 if the very next step is to be timed.
   */
  stepsUntilDue(stepsDone: number): number;
  /** Starts a timed step. */
  startStep(): void;
  /** Ends a timed step. Adds its times to the sums if `isWhole`: the worker has measured the whole step. */
  endStep(isWhole: boolean): void;
  /** Ends a segment in which `steps` steps were executed. */
  endSegment(steps: number): void;
}

/**
 * Returns a stopwatch that reads the clock `now` and adds times to the memory of {@linkcode
 * allocateTimeSums}. From each time, it subtracts the time of reading the clock.
 */
export function createStopwatch(sums: Float64Array, now: Clock): Stopwatch {
  const calls = sums.length - WORDS;
  const readingTime = measureClockReading(now);
  const own = new Float64Array(calls + 1); // of the current step: its calls, then waiting
  const last = new Float64Array(1); // a fraction in a variable would be allocated at each change
  const addLap = (index: number) => {
    const moment = now();
    own[index] = own[index] + moment - last[0] - readingTime;
    last[0] = moment;
  };
  const onWaitEnd = () => addLap(calls + WAITING);
  return {
    onCallEnd: addLap,
    onWaitEnd,
    stepsUntilDue(stepsDone) {
      const inPeriod = (sums[calls + STEPS] + stepsDone) % PERIOD;
      return (PERIOD + FIRST - inPeriod) % PERIOD;
    },
    startStep() {
      own.fill(0);
      last[0] = now();
    },
    endStep(isWhole) {
      onWaitEnd(); // after the last barrier of the step
      if (!isWhole) return;
      for (let index = 0; index <= calls; index++) addToElement(sums, index, own[index]);
      addToElement(sums, calls + TIMED_STEPS, 1);
    },
    endSegment: (steps) => addToElement(sums, calls + STEPS, steps),
  };
}

/** Adds a value to the element of an array at an index. */
function addToElement(sums: Float64Array, index: number, value: number): void {
  sums[index] = sums[index] + value;
}

/** Number of pairs of clock readings whose shortest time a worker uses, measured before its first step. */
const READINGS = 100;

/** Measures the shortest time between two readings of a clock, of `readings` pairs, in microseconds. */
export function measureClockReading(now: Clock, readings: number = READINGS): number {
  let [least, last] = [Infinity, now()];
  for (let reading = 0; reading < readings; reading++) {
    const moment = now();
    least = Math.min(least, moment - last);
    last = moment;
  }
  return least;
}
