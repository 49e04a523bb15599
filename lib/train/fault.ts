/**
 * Finds the operation that made a training diverge. Steps are reproducible bit for bit, so the steps
 * since the last checkpoint are run again by programs that check the result of every operation.
 *
 * @module
 */
import { diverged } from "../evaluate/findings/diverged.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { openSession, type Training } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";
import type { StateValues } from "./state.ts";

/** The first operation of a training whose result was not finite. */
export interface Fault {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of the step, counted from 1 since the start of training. */
  readonly step: number;
  /** Label of the operation, with its layer, for error messages. */
  readonly operation: string;
  /** State tensors before that step, by name. */
  readonly before: StateValues;
}

/** Formats a fault as an error message with a remedy. */
export function formatFault({ epoch, step, operation }: Fault): string {
  return `Training diverged: expected finite numbers: received NaN or infinity ` +
    `in epoch ${epoch}, step ${step}, first from ${operation}: ${diverged.remedy}`;
}

/**
 * Finds the first operation whose result was not finite: runs the steps since a checkpoint again, in a
 * session that checks the result of every operation.
 *
 * @param checkpoint the last checkpoint; all of its numbers are finite
 * @param range steps, counted from 0 in the checkpoint's epoch: `from` is the first step after the
 *   checkpoint, `bad` the first one whose loss or gradient is not finite. The fault is in step `bad`, or in
 *   the update of the step before it. `settings` are those with which the steps were run before
 * @throws {Error} if all results are finite
 */
export async function findFault(
  training: Training,
  { position, state }: Checkpoint,
  { from, bad, settings }: {
    readonly from: number;
    readonly bad: number;
    readonly settings: StepSettings;
  },
): Promise<Fault> {
  await using session = await openSession(training, true);
  session.restore(state);
  session.prepare(position.epoch, settings);
  const suspect = Math.max(from, bad - 1);
  if (suspect > from) await session.run(from, suspect);
  for (let step = suspect; step <= bad; step++) {
    const before = session.state();
    await session.run(step, step + 1);
    const operation = session.faultyOperation(step);
    if (operation !== undefined) {
      const number = position.step + step - from + 1;
      return { epoch: position.epoch + 1, step: number, operation, before };
    }
  }
  const epoch = position.epoch + 1;
  throw new Error(
    `Cannot find the fault in epoch ${epoch}: expected a number that is not finite: received none`,
  );
}
