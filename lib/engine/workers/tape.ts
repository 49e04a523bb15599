/**
 * Tapes on which workers record moments of every step, for profiles: main makes one for each worker and
 * reads them when segments have ended. Segments that are recorded on one tape follow each other on it.
 *
 * @module
 */

import type { Watcher } from "./executor.ts";
import type { ClockModule } from "./stopwatch.ts";

/**
 * What is recorded of a step: when each of its phases began, when each of its calls returned and when all
 * workers were through; or only when it began and when all were through.
 */
export type Detail = "calls" | "steps";

/** Shared memory for the marks of a worker. */
export interface Tape {
  /** What is recorded of each step. */
  readonly detail: Detail;
  /** How many words of marks there are, the origin of the worker's clock, and the marks. */
  readonly words: Float64Array<SharedArrayBuffer>;
}

/** The end of a call, or of waiting for other workers. */
interface Mark {
  /** Index of the call in the program; none for waiting. */
  readonly call: number | undefined;
  /** Microseconds since the origin that the tape was read with. */
  readonly moment: number;
}

/** Words before the marks: how many words of marks there are, and the origin of the worker's clock. */
const [WRITTEN, ORIGIN, HEADER] = [0, 1, 2];

const WAITING = -1;

interface TapeSizes {
  readonly workers: number;
  readonly steps: number;
  /** Calls of the program, each of which is a phase of its own at most. */
  readonly calls: number;
}

export function makeTapes(detail: Detail, { workers, steps, calls }: TapeSizes): readonly Tape[] {
  const words = HEADER + 2 * steps * (2 * calls + 2);
  return Array.from({ length: workers }, () => ({
    detail,
    words: new Float64Array(new SharedArrayBuffer(8 * words)),
  }));
}

/** Returns the marks of a tape, in the order of time. */
export function readTape({ words }: Tape, origin: number): readonly Mark[] {
  const shift = words[ORIGIN] - origin;
  return Array.from({ length: words[WRITTEN] / 2 }, (_, mark) => {
    const [call, moment] = words.subarray(HEADER + 2 * mark);
    return { call: call === WAITING ? undefined : call, moment: moment + shift };
  });
}

/** Marks calls and waiting on the tape that was loaded last. */
export interface Recorder extends Watcher {
  load(tape: Tape): void;
}

export function recorderBy({ now, origin }: ClockModule): Recorder {
  let words = new Float64Array(new SharedArrayBuffer(8 * HEADER));
  const lap = (call: number) => {
    const moment = now();
    const next = HEADER + words[WRITTEN];
    words[next] = call;
    words[next + 1] = moment;
    words[WRITTEN] = words[WRITTEN] + 2;
  };
  return {
    lap,
    wait: () => lap(WAITING),
    load(tape) {
      words = tape.words;
      words[ORIGIN] = origin;
    },
  };
}
