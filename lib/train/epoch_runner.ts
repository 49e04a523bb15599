/**
 * Runs the steps of an epoch. A runner can be stopped from outside, and reports its position while steps run.
 *
 * @module
 */
import type { Machine } from "../engine/backend.ts";
import type { Position } from "../run/checkpoint.ts";
import { type Pass, runSteps } from "./passes.ts";

/**
 * A runner of training steps, which runs one epoch after the other. Steps are counted from 0 in their
 * epoch.
 */
export interface EpochRunner extends Pass {
  /** Begins an epoch, counted from 0. Its steps are run by `run`. */
  begin(epoch: number): void;
  /**
   * Runs the steps of the epoch from `from` up to, but not including, `to`, which defaults to the end of the
   * epoch. Returns `to`, or the first step not run after {@linkcode EpochRunner.stop} or
   * {@linkcode EpochRunner.pause}.
   */
  run(from: number, to?: number): Promise<number>;
  /**
   * Returns the current epoch, counted from 0, and the number of steps taken since the start of training. May
   * be called while steps run.
   */
  position(): Position;
  /** Ends training after its current step. Later calls of `run` run no step. */
  stop(): void;
  /** Ends the current call of `run` after its current step. Later calls of `run` take further steps. */
  pause(): void;
  /** Returns whether {@linkcode EpochRunner.stop} has ended training. */
  isStopped(): boolean;
}

/** Returns a runner that runs the steps of a pass in every epoch. */
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
