/**
 * Runs the steps of an epoch, which can be stopped from outside and know their position meanwhile.
 *
 * @module
 */
import type { Machine } from "../engine/backend.ts";
import type { Position } from "../run/checkpoint.ts";
import { type Pass, runSteps } from "./passes.ts";

/** A runner of the steps of one epoch after the other. Steps are counted from 0 in their epoch. */
export interface EpochRunner extends Pass {
  /** Begins an epoch, by its number from 0. */
  begin(epoch: number): void;
  /**
   * Runs steps, by default to the end of the epoch. Returns `to`, or the first step not run after
   * {@linkcode EpochRunner.stop} or {@linkcode EpochRunner.pause}.
   */
  run(from: number, to?: number): Promise<number>;
  /** Returns the epoch and the number of steps taken since the start of training, also during `run`. */
  position(): Position;
  /** Ends training after its current step: further calls of `run` run nothing. */
  stop(): void;
  /** Ends the running call of `run` after its current step; training can continue. */
  pause(): void;
  /** Returns whether training has ended by {@linkcode EpochRunner.stop}. */
  isStopped(): boolean;
}

/** Returns a runner of a pass in each epoch. */
export function epochRunner(machine: Machine, pass: Pass): EpochRunner {
  let epoch = 0;
  let reached = () => 0;
  let isStopped = false;
  let isRunning = false;
  return {
    ...pass,
    begin(next) {
      epoch = next;
      reached = () => 0;
    },
    async run(from, to) {
      if (isStopped) return from;
      machine.resume();
      isRunning = true;
      const end = await runSteps(machine, pass, {
        from,
        to,
        onSegment: ({ from }) => reached = () => from + machine.stepsDone(),
      });
      isRunning = false;
      reached = () => end;
      return end;
    },
    position: () => ({ epoch, step: epoch * pass.steps + reached() }),
    stop() {
      isStopped = true;
      if (isRunning) machine.stop();
    },
    pause() {
      if (isRunning) machine.stop();
    },
    isStopped: () => isStopped,
  };
}
