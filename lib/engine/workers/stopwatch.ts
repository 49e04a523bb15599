/**
 * A stopwatch beside a worker: in some steps it reads the clock after each call, and adds up how long each
 * takes and how long the worker waits for others.
 *
 * One step in {@linkcode PERIOD} of a program is timed, the same one by all workers; all others run as if
 * there was no clock, which changes no number that is computed either way.
 *
 * @module
 */

import type { Watcher } from "./executor.ts";

/** The time since some moment, in microseconds. */
type Clock = () => number;

export interface ClockModule {
  readonly now: Clock;
  /** Moment at which the clock was at 0, in microseconds since 1970. */
  readonly origin: number;
}

/** Times of the calls of a program, as workers have added them up. */
export interface StepTimes {
  /** Steps that were executed. */
  readonly steps: number;
  /** Those of them that were timed by a worker at least. */
  readonly timed: number;
  /** Time of each call of the program in a timed step, in microseconds, the mean over the workers. */
  readonly calls: readonly number[];
  /** Time for which a worker waits for others in a timed step, the mean over them; 0 of one alone. */
  readonly waiting: number;
}

/**
 * One step in so many is timed. It takes up to a tenth longer, of 0.12 ms by two workers that meet ten times
 * in it; all steps together take two thousandths longer.
 */
export const PERIOD = 64;

/** The first step that is timed, from 0: those before are slower, while caches and code are cold. */
export const FIRST = 16;

/** What is added up behind the times of the calls: waiting; and steps that were timed, and executed. */
const [WAITING, TIMED_STEPS, STEPS, WORDS] = [0, 1, 2, 3];

/** Memory in which a worker adds up times of a program of so many calls. */
export function timeSums(calls: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * (calls + WORDS)));
}

export function stepTimes(sums: readonly [Float64Array, ...Float64Array[]]): StepTimes {
  const calls = sums[0].length - WORDS;
  const each = (place: number) => sums.map((own) => own[place]);
  const total = (place: number) => each(place).reduce((sum, own) => sum + own, 0);
  const timed = total(calls + TIMED_STEPS);
  const mean = (place: number) => timed === 0 ? 0 : Math.max(0, total(place) / timed);
  return {
    steps: Math.max(...each(calls + STEPS)),
    timed: Math.max(...each(calls + TIMED_STEPS)),
    calls: Array.from({ length: calls }, (_, call) => mean(call)),
    waiting: sums.length === 1 ? 0 : mean(calls + WAITING),
  };
}

export interface Stopwatch extends Watcher {
  /** How many steps before the next one that is to be timed, when a segment has come so far. */
  untilDue(steps: number): number;
  start(): void;
  /** The step has ended; it counts if the worker has seen the whole of it. */
  finish(isWhole: boolean): void;
  /** A segment has ended, of so many steps. */
  end(steps: number): void;
}

/**
 * A stopwatch that adds times up in memory of {@linkcode timeSums}. What a look at the clock takes is taken
 * off each time.
 */
export function stopwatchOn(sums: Float64Array, now: Clock): Stopwatch {
  const calls = sums.length - WORDS;
  const look = lookTime(now);
  const own = new Float64Array(calls + 1); // of the step at hand: its calls, and waiting
  const last = new Float64Array(1); // a fraction in a variable would be allocated at each change
  const lap = (place: number) => {
    const moment = now();
    own[place] = own[place] + moment - last[0] - look;
    last[0] = moment;
  };
  const wait = () => lap(calls + WAITING);
  return {
    lap,
    wait,
    untilDue(steps) {
      const inPeriod = (sums[calls + STEPS] + steps) % PERIOD;
      return (PERIOD + FIRST - inPeriod) % PERIOD;
    },
    start() {
      own.fill(0);
      last[0] = now();
    },
    finish(isWhole) {
      wait(); // behind the last barrier of the step
      if (!isWhole) return;
      for (let place = 0; place <= calls; place++) add(sums, place, own[place]);
      add(sums, calls + TIMED_STEPS, 1);
    },
    end: (steps) => add(sums, calls + STEPS, steps),
  };
}

function add(sums: Float64Array, place: number, value: number): void {
  sums[place] = sums[place] + value;
}

/** Looks of which a worker takes the shortest, before its first step. */
const LOOKS = 100;

/** Returns what a look at the clock takes at least, in microseconds. */
export function lookTime(now: Clock, looks: number = LOOKS): number {
  let [least, last] = [Infinity, now()];
  for (let look = 0; look < looks; look++) {
    const moment = now();
    least = Math.min(least, moment - last);
    last = moment;
  }
  return least;
}
