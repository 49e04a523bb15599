/**
 * A worker with a clock: takes its own share of programs as the engine's workers do, and takes down when
 * each call was done, or how many entries lists of the data have. It never takes the share of one that
 * is late, so that all that lies between two moments is its own.
 *
 * @module
 */
import { now } from "../../lib/io/clock.ts";
import { TURN_WORD } from "../../lib/engine/workers/protocol.ts";
import type { Turns } from "../../lib/engine/workers/barrier.ts";
import {
  type BoundProgram,
  instantiateKernels,
  makePhases,
  makeWatchedPhases,
  type SourceRows,
  type Walk,
} from "../../lib/engine/workers/executor.ts";

/** What is to be counted when a call was made: entries of lists, or numbers that are not zero. */
export interface Counted {
  /** Place of the call in the program. */
  readonly call: number;
  /** Whether there is a number of entries at the address for each list, or the numbers themselves. */
  readonly kind: "lists" | "numbers";
  /** Address of the first. */
  readonly address: number;
  /** How many there are. */
  readonly length: number;
}

/** What a worker is to walk. */
export interface TimedProgram {
  /** The worker's share. */
  readonly bound: BoundProgram;
  /** What its calls' costs depend on. */
  readonly counted: readonly Counted[];
}

/**
 * What is taken down: when each step was done, when each call was done, or the entries of lists; the
 * last only of a worker that shares with nobody.
 */
export type Watch = "steps" | "calls" | "entries";

/** What main says to a worker. */
export type TimedRequest =
  | {
    readonly kind: "open";
    readonly memory: WebAssembly.Memory;
    readonly kernels: WebAssembly.Module;
    readonly programs: readonly TimedProgram[];
    /** The data sets, in shared memory. */
    readonly sources: readonly SourceRows[];
    readonly workers: number;
  }
  | {
    readonly kind: "run";
    readonly program: number;
    readonly from: number;
    readonly to: number;
    readonly watch: Watch;
  };

/** What a worker has taken down. */
export interface Watched {
  /**
   * Of each step when it began and, if several workers share it, when all had come together; then when
   * each call was done, or the last one. Microseconds since main's clock was at zero.
   */
  readonly moments: Float64Array<ArrayBuffer>;
  /** What was counted over all steps, in the order of what was to be counted. */
  readonly entries: Float64Array<ArrayBuffer>;
}

/** What a worker answers. */
export type TimedReply =
  | { readonly kind: "ready"; readonly timeOrigin: number }
  | { readonly kind: "watched"; readonly watched: Watched }
  | { readonly kind: "failed"; readonly message: string };

/** What a worker has once it was opened. */
interface Opened {
  readonly programs: readonly Watchable[];
  /** Waits for the other workers, if there are any. */
  readonly meeting: Meeting | undefined;
  /** Where moments are taken down. */
  readonly tape: Tape;
}

/** A program, ready to be walked in three ways. */
interface Watchable {
  readonly calls: number;
  readonly walks: Readonly<Record<Watch, Walk>>;
  readonly entries: Float64Array<ArrayBuffer>;
}

/** A place in the order of turns, between which workers wait for each other. */
interface Meeting {
  turn: number;
  meet(): void;
}

interface Tape {
  moments: Float64Array<ArrayBuffer>;
  next: number;
}

/** The time now, onto the tape. */
function stamp(tape: Tape): void {
  tape.moments[tape.next++] = now();
}

function open(
  { memory, kernels, programs, sources, workers }: TimedRequest & { kind: "open" },
): Opened {
  const exports = instantiateKernels(kernels, memory, sources);
  const meeting = workers === 1 ? undefined : meetingOf(exports as unknown as Turns, workers);
  const meet = () => meeting?.meet();
  const tape: Tape = { moments: new Float64Array(), next: 0 };
  const watchable = ({ bound, counted }: TimedProgram): Watchable => {
    const entries = new Float64Array(counted.length);
    const count = (done?: number) => {
      for (const [place, each] of counted.entries()) {
        if (each.call === done) {
          entries[place] = entries[place] + countNow(each, memory);
        }
      }
    };
    const plain = walkOf(makePhases(bound, memory, exports), meet);
    const watched = (after: (call?: number) => void) =>
      walkOf(makeWatchedPhases(bound, memory, exports, { after }), () => {
        meet();
        after();
      });
    return {
      calls: bound.calls.length,
      entries,
      walks: {
        steps: (step) => (plain(step), stamp(tape)),
        calls: watched(() => stamp(tape)),
        entries: watched(count),
      },
    };
  };
  return { programs: programs.map(watchable), meeting, tape };
}

/** Walks phases, and does between them what workers do there. */
function walkOf(phases: readonly Walk[], between: () => void): Walk {
  return (step) =>
    phases.forEach((phase, index) => {
      if (index > 0) between();
      phase(step);
    });
}

/** Ends a turn: the last to arrive lets the next begin, the others wait for that. */
function meetingOf(turns: Turns, workers: number): Meeting {
  const address = 4 * TURN_WORD;
  return {
    turn: 0,
    meet() {
      const turn = this.turn++;
      if (turns.endShare(address, workers, turn) !== 0) turns.passTurn(address, turn + 1);
      else turns.awaitTurn(address, turn);
    },
  };
}

function countNow({ kind, address, length }: Counted, memory: WebAssembly.Memory): number {
  if (kind === "lists") {
    return new Int32Array(memory.buffer, address, length).reduce((sum, each) => sum + each, 0);
  }
  const numbers = new Float32Array(memory.buffer, address, length);
  return numbers.reduce((sum, number) => sum + Number(number !== 0), 0);
}

function run(
  { programs, meeting, tape }: Opened,
  { program, from, to, watch }: TimedRequest & { kind: "run" },
): Watched {
  const { calls, walks, entries } = programs[program];
  const perStep = { steps: 1, calls, entries: 0 }[watch] + (meeting === undefined ? 1 : 2);
  tape.moments = new Float64Array((to - from) * perStep);
  tape.next = 0;
  entries.fill(0);
  if (meeting !== undefined) meeting.turn = 0;
  for (let step = from; step < to; step++) {
    stamp(tape);
    if (meeting !== undefined) {
      meeting.meet();
      stamp(tape);
    }
    walks[watch](step);
  }
  return { moments: tape.moments, entries };
}

function serve(scope: DedicatedWorkerGlobalScope): void {
  let opened: Opened | undefined;
  const answer = (request: TimedRequest): TimedReply => {
    if (request.kind === "open") {
      opened = open(request);
      return { kind: "ready", timeOrigin: performance.timeOrigin };
    }
    if (opened === undefined) throw new TypeError("Cannot run: expected to be opened first");
    return { kind: "watched", watched: run(opened, request) };
  };
  scope.onmessage = ({ data }: MessageEvent<TimedRequest>) => {
    try {
      scope.postMessage(answer(data));
    } catch (error) {
      scope.postMessage({ kind: "failed", message: String(error) } satisfies TimedReply);
    }
  };
}

serve(globalThis as unknown as DedicatedWorkerGlobalScope);
