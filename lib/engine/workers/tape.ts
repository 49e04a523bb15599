/**
 * Tapes on which workers record the times of every step, for profiles. The main thread creates a tape for
 * each worker, and reads it after the worker's segments. Several segments can be recorded on one tape.
 *
 * @module
 */

import type { Watcher } from "./executor.ts";
import type { ClockModule } from "./stopwatch.ts";

/**
 * Detail of a recording. "calls" records when each phase of a step began, when each call returned, and when
 * all workers had finished. "steps" records only when a step began, and when all workers had finished.
 */
export type Detail = "calls" | "steps";

/** Shared memory in which a worker records marks. */
export interface Tape {
  /** Detail of the recording. */
  readonly detail: Detail;
  /**
   * Number of elements that the marks occupy, origin of the worker's clock, and the marks, of two elements
   * each: the index of the call, or −1 for waiting, and the time.
   */
  readonly words: Float64Array<SharedArrayBuffer>;
}

/** A mark at the end of a call, or at the end of waiting for other workers. */
interface Mark {
  /** Index of the call in the program; undefined for the end of waiting. */
  readonly call: number | undefined;
  /** Time of the mark, in microseconds since the origin that {@linkcode readTape} receives. */
  readonly moment: number;
}

/**
 * Indices of the elements before the marks: number of elements that the marks occupy, and origin of the
 * worker's clock. The last number is the number of these elements.
 */
const [WRITTEN, ORIGIN, HEADER] = [0, 1, 2];

/** Element of a mark at the end of waiting, in place of the index of a call. */
const WAITING = -1;

/** Numbers that determine the number and the size of tapes. */
interface TapeSizes {
  readonly workers: number;
  readonly steps: number;
  /** Number of calls of the program; it has at most as many phases. */
  readonly calls: number;
}

/** Returns an empty tape for each worker, with room for the marks of `steps` steps. */
export function makeTapes(detail: Detail, { workers, steps, calls }: TapeSizes): readonly Tape[] {
  const words = HEADER + 2 * steps * (2 * calls + 2);
  return Array.from({ length: workers }, () => ({
    detail,
    words: new Float64Array(new SharedArrayBuffer(8 * words)),
  }));
}

/** Returns the marks of a tape in the order of time, with times in microseconds since `origin`. */
export function readTape({ words }: Tape, origin: number): readonly Mark[] {
  const shift = words[ORIGIN] - origin;
  return Array.from({ length: words[WRITTEN] / 2 }, (_, mark) => {
    const [call, moment] = words.subarray(HEADER + 2 * mark);
    return { call: call === WAITING ? undefined : call, moment: moment + shift };
  });
}

/** A recorder, which adds marks at the ends of calls and of waiting to the tape that was loaded last. */
export interface Recorder extends Watcher {
  /** Records on this tape from now on, after the marks that it has. */
  load(tape: Tape): void;
}

/** Returns a recorder that reads the times of its marks from a clock. */
export function createRecorder({ now, origin }: ClockModule): Recorder {
  let words = new Float64Array(new SharedArrayBuffer(8 * HEADER));
  const addMark = (call: number) => {
    const moment = now();
    const next = HEADER + words[WRITTEN];
    words[next] = call;
    words[next + 1] = moment;
    words[WRITTEN] = words[WRITTEN] + 2;
  };
  return {
    onCallEnd: addMark,
    onWaitEnd: () => addMark(WAITING),
    load(tape) {
      words = tape.words;
      words[ORIGIN] = origin;
    },
  };
}
