/**
 * The barrier, by which workers execute a program together, phase by phase. A phase is the part of a program
 * between two barriers.
 *
 * In each phase, a worker claims and computes its own partition. Then it claims the partitions of late
 * workers, whose processors the system has assigned to other programs. So it never waits for a worker that
 * has not begun. Results do not depend on which worker computes a partition.
 *
 * @module
 */

import { completeStep, PHASE_WORD, STEPS_WORD, STOPPED } from "./protocol.ts";
import type { Phase } from "./executor.ts";

/**
 * Kernels of the barrier whose control words begin at the address `barrier`; see barrier.ts in wasm/assembly.
 * `claim`, `complete` and `spin` return 1 for true, and 0 for false.
 */
export interface BarrierKernels {
  claim(barrier: number, partition: number, phase: number): number;
  complete(barrier: number, partitions: number, phase: number): number;
  advance(barrier: number, next: number): void;
  spin(barrier: number, phase: number, times: number): number;
  waitForPhaseEnd(barrier: number, phase: number): void;
}

/**
 * A program on one worker, with the memory and kernels by which the worker executes it together with the
 * others.
 */
export interface Executor {
  /** Index of the worker, and of its own partitions. */
  readonly worker: number;
  /** Number of workers, which is also the number of partitions of each phase. */
  readonly workers: number;
  /** Returns the phases of a partition of the program, with the index of a worker, as functions. */
  readonly phasesOf: (partition: number) => readonly Phase[];
  /** Control words at the start of the memory, see protocol.ts. */
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly kernels: BarrierKernels;
  /**
   * Whether the worker computes only its own partitions, even if other workers are late. Defaults to false.
   */
  readonly ownOnly?: boolean;
}

/** Address of the barrier's words, in bytes. */
const BARRIER_BYTE = 4 * PHASE_WORD;

/**
 * Number of times that a worker that waits reads the phase before it computes partitions of other workers.
 * The reads take less than a microsecond.
 */
const SPINS = 1000;

/**
 * Executes the segment that began with step `segmentStart`, together with the other workers, from the current
 * phase up to but not including step `until`. Returns the first step not executed: `until`, a later step that
 * other workers have reached, or an earlier one after a stop. The worker that completes a step's last
 * partition checks the stop flag, so all workers stop at the same step.
 */
export function runPhases(executor: Executor, segmentStart: number, until: number): number {
  const { worker, workers, phasesOf, control, kernels, ownOnly = false } = executor;
  const perStep = phasesOf(worker).length;
  const end = (until - segmentStart) * perStep;
  const claimable = ownOnly ? 1 : workers;
  const runPartition = (partition: number, phase: number): void => {
    if (kernels.claim(BARRIER_BYTE, partition, phase) === 0) return;
    const inStep = phase % perStep;
    phasesOf(partition)[inStep](segmentStart + (phase - inStep) / perStep);
    if (kernels.complete(BARRIER_BYTE, workers, phase) === 0) return;
    const isStop = inStep === perStep - 1 && completeStep(control);
    kernels.advance(BARRIER_BYTE, isStop ? STOPPED : phase + 1);
  };
  for (;;) {
    const phase = Atomics.load(control, PHASE_WORD); // counted since the segment began
    if (phase === STOPPED || phase >= end) return segmentStart + Atomics.load(control, STEPS_WORD);
    runPartition(worker, phase);
    if (kernels.spin(BARRIER_BYTE, phase, SPINS) !== 0) continue;
    for (let other = 1; other < claimable; other++) runPartition((worker + other) % workers, phase);
    kernels.waitForPhaseEnd(BARRIER_BYTE, phase);
  }
}
