/**
 * How workers go through a program together, turn by turn: a turn is what lies between two barriers.
 *
 * In each turn a worker takes its own share. When that is done and others are late, because the system
 * has given their processor to another program, it takes theirs as well, and so never waits for one
 * that has not begun. Who computes a share makes no difference to its numbers.
 *
 * @module
 */

import { isToStop, STEPS_WORD, STOPPED_TURN, TURN_WORD } from "./protocol.ts";
import type { Walk } from "./executor.ts";

/** The kernels with which workers wait for each other; see barrier.ts among them. */
export interface Turns {
  takeShare(turns: number, share: number, turn: number): number;
  endShare(turns: number, shares: number, turn: number): number;
  passTurn(turns: number, next: number): void;
  watchTurn(turns: number, turn: number, times: number): number;
  awaitTurn(turns: number, turn: number): void;
}

/** One worker's view of a program that several walk together. */
export interface Shared {
  /** Number of the worker, from 0. */
  readonly worker: number;
  /** How many workers there are, and so how many shares of each turn. */
  readonly workers: number;
  /** What each turn of a step does for a share. */
  readonly phasesOf: (share: number) => readonly Walk[];
  /** The control words at the start of the memory. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** The kernels. */
  readonly turns: Turns;
}

/** Address of the words of the turn. */
const TURN_BYTE = 4 * TURN_WORD;

/** Looks at the turn before a worker sees to the shares of others: less than a microsecond. */
const LOOKS = 1000;

/**
 * Walks steps together with the other workers; returns the step they stopped before, or, if the worker is
 * to go no further than a step, the one that they have reached then. Who does the last share of a step
 * looks whether to stop, and so all stop before the same one.
 */
export function walkTogether(shared: Shared, from: number, until: number): number {
  const { worker, workers, phasesOf, control, turns } = shared;
  const phases = phasesOf(worker).length;
  const end = (until - from) * phases;
  const walkShare = (share: number, turn: number): void => {
    if (turns.takeShare(TURN_BYTE, share, turn) === 0) return;
    const phase = turn % phases;
    phasesOf(share)[phase](from + (turn - phase) / phases);
    if (turns.endShare(TURN_BYTE, workers, turn) === 0) return;
    const isStop = phase === phases - 1 && endStep(control);
    turns.passTurn(TURN_BYTE, isStop ? STOPPED_TURN : turn + 1);
  };
  for (;;) {
    const turn = Atomics.load(control, TURN_WORD);
    if (turn === STOPPED_TURN || turn >= end) return from + Atomics.load(control, STEPS_WORD);
    walkShare(worker, turn);
    if (turns.watchTurn(TURN_BYTE, turn, LOOKS) !== 0) continue;
    for (let other = 1; other < workers; other++) walkShare((worker + other) % workers, turn);
    turns.awaitTurn(TURN_BYTE, turn);
  }
}

/** Counts a step; whether it is to be the last. */
function endStep(control: Int32Array): boolean {
  Atomics.add(control, STEPS_WORD, 1);
  return isToStop(control);
}
