/**
 * A stopwatch beside a worker: in some steps it looks at the clock after each call, and adds up how long
 * each takes and how long the worker waits for others.
 *
 * One step in {@linkcode PERIOD} of a program is timed, the same one by all workers, and all others are
 * walked as if nobody looked. A clock changes no number that is computed.
 *
 * The times of a step add up to its time by the wall, from its first call to the first of the next one, as
 * one worker sees it. A worker that the system has put to sleep comes late to either, while others take
 * its shares; it then saw no whole step, and what it took down of it does not count.
 *
 * @module
 */

import type { Walk, WatchedPhase } from "./walker.ts";

/** The time since some moment, in microseconds. */
export type Clock = () => number;

/** What a module of a clock exports. */
export interface ClockModule {
  /** The clock. */
  readonly now: Clock;
}

/** Times of the calls of a program, as workers have added them up. */
export interface StepTimes {
  /** Steps that were walked. */
  readonly steps: number;
  /** Those of them that were timed by a worker at least. */
  readonly timed: number;
  /** Time of each call of the program in a timed step, in microseconds, the mean over the workers. */
  readonly calls: readonly number[];
  /** Time for which a worker waits for others in a timed step, the mean over them; 0 of one alone. */
  readonly waiting: number;
}

/** One step in so many is timed. */
export const PERIOD = 32;

/** Which of them: the first steps of all are slower, while caches and code are cold. */
const TIMED = PERIOD / 2;

/** What is added up behind the times of the calls: waiting; and steps that were timed, and walked. */
const [WAITING, TIMED_STEPS, STEPS, WORDS] = [0, 1, 2, 3];

/** Memory in which a worker adds up times of a program of so many calls. */
export function timeSums(calls: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * (calls + WORDS)));
}

/** What the workers have added up for a program. */
export function stepTimes(sums: readonly [Float64Array, ...Float64Array[]]): StepTimes {
  const calls = sums[0].length - WORDS;
  const each = (place: number) => sums.map((own) => own[place] as number);
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

/** Times steps of a program for one worker. */
export interface Stopwatch {
  /** A segment begins, of which the first step is given. */
  begin(from: number): void;
  /** The segment has ended before a step. */
  end(to: number): void;
  /** The worker begins a phase of a step; says whether the calls of it are to be timed. */
  isTimed(step: number, phase: number): boolean;
  /** It has made a call that is timed, of the given place in the program. */
  lap(call: number): void;
}

/** No step is being timed. */
const NONE = -1;

/**
 * A stopwatch that adds times up in memory of {@linkcode timeSums}. What a look at the clock takes is taken
 * off each time.
 */
export function stopwatchOn(sums: Float64Array, now: Clock): Stopwatch {
  const calls = sums.length - WORDS;
  const look = lookTime(now);
  const own = new Float64Array(calls + 1); // of the step at hand: its calls, and waiting
  const last = new Float64Array(1); // a fraction in a variable would be allocated at each change
  let timing = NONE;
  let shift = 0;
  const lap = (place: number) => {
    const moment = now();
    own[place] = (own[place] as number) + moment - (last[0] as number) - look;
    last[0] = moment;
  };
  const start = (step: number) => {
    own.fill(0);
    timing = step;
    last[0] = now();
  };
  const finish = (isWhole: boolean) => {
    timing = NONE;
    if (!isWhole) return;
    lap(calls + WAITING); // behind the last barrier of the step
    for (let place = 0; place <= calls; place++) add(sums, place, own[place] as number);
    add(sums, calls + TIMED_STEPS, 1);
  };
  return {
    lap,
    begin(from) {
      shift = (sums[calls + STEPS] as number) - from;
    },
    end(to) {
      if (timing !== NONE) finish(to === timing + 1);
      sums[calls + STEPS] = to + shift;
    },
    isTimed(step, phase) {
      if ((step + shift) % PERIOD !== TIMED) {
        if (timing !== NONE) finish(phase === 0 && step === timing + 1);
        return false;
      }
      if (step === timing) lap(calls + WAITING);
      else if (phase === 0) start(step);
      return step === timing;
    },
  };
}

function add(sums: Float64Array, place: number, value: number): void {
  sums[place] = (sums[place] as number) + value;
}

/** Looks from one to the next of which the shortest time is what a look takes. */
const LOOKS = 100;

/** What a look at the clock takes at least, in microseconds. */
function lookTime(now: Clock): number {
  let [least, last] = [Infinity, now()];
  for (let look = 0; look < LOOKS; look++) {
    const moment = now();
    least = Math.min(least, moment - last);
    last = moment;
  }
  return least;
}

/** Phases whose calls a stopwatch times in the steps that are timed. */
export function timedPhases(
  phases: readonly WatchedPhase[],
  stopwatch: Stopwatch,
): readonly Walk[] {
  return phases.map(({ plain, watched }, phase) => (step) => {
    if (stopwatch.isTimed(step, phase)) watched(step);
    else plain(step);
  });
}
