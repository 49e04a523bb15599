/**
 * The post-mortem of a training that diverged. Since every step gives the same bits again, the
 * segment is taken again from its start, by programs that check the result of every operation.
 *
 * @module
 */
import { diverged } from "../evaluate/findings/diverged.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { openSession, type Training } from "./session.ts";
import type { StepSettings } from "./step/inputs.ts";
import type { StateValues } from "./state.ts";

/** The first number that was not finite. */
export interface Fault {
  /** Epoch, from 1. */
  readonly epoch: number;
  /** Step since the start of training, from 1. */
  readonly step: number;
  /** The operation that gave it, and the layer it belongs to. */
  readonly operation: string;
  /** The state before that step. */
  readonly before: StateValues;
}

export function faultText({ epoch, step, operation }: Fault): string {
  return `Training diverged: expected finite numbers: received NaN or infinity ` +
    `in epoch ${epoch}, step ${step}, first from ${operation}: ${diverged.remedy}`;
}

/**
 * Finds the first operation whose result is not finite.
 *
 * @param checkpoint the state at the start of the segment, where all was well
 * @param range first step of the segment in its epoch, and the one whose loss or gradient is bad;
 *   the fault is in that step, or in the update of the one before
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
    const operation = session.fault(step);
    if (operation !== undefined) {
      const taken = position.step + step - from + 1;
      return { epoch: position.epoch + 1, step: taken, operation, before };
    }
  }
  const epoch = position.epoch + 1;
  throw new Error(
    `Cannot find what diverged in epoch ${epoch}: expected a number that is not finite: received none`,
  );
}
