/**
 * When a fit looks at its network, and where it takes down what it sees: in the history, which is in the
 * checkpoint, so that a fit that goes on from there ends with the looks of one that never stopped.
 *
 * @module
 */

import type { Checkpoint, History } from "../run/checkpoint.ts";
import { withLook } from "../run/distributions.ts";
import type { Observations } from "../run/observed.ts";
import type { FitOptions } from "../train/fit.ts";
import type { Trained } from "../train/inference/evaluate.ts";
import { firstWeights, observedEpochs } from "./distributions.ts";
import type { Session } from "../train/session.ts";
import { parametersOf } from "../train/state.ts";
import { defined } from "../config/defined.ts";

/**
 * Gives a checkpoint with what is seen of the network there: at the ends of epochs that
 * {@linkcode observedEpochs} names, and at the end of training, which may come early; else as it is.
 */
export function looker(
  { look, groups, batches }: Pick<Session, "look" | "groups" | "batches">,
  { network, epochs, observes }: Pick<FitOptions, "network" | "epochs" | "observes">,
): (checkpoint: Checkpoint, isEnd: boolean) => Promise<Checkpoint> {
  if (observes !== true) return (checkpoint) => Promise.resolve(checkpoint);
  const due = observedEpochs(epochs);
  return async (checkpoint, isEnd) => {
    const { position: { epoch, step }, state, history } = checkpoint;
    const isDue = isEnd || step === epoch * batches.steps && due.has(epoch);
    const isSeen = history.looked?.distributions.moments.at(-1)?.step === step;
    if (!isDue || isSeen) return checkpoint;
    const distributions = withLook(
      history.looked?.distributions,
      { ...await look(), moment: { epoch, step } },
    );
    const first = step === 0
      ? firstWeights(network, parametersOf({ network, groups }, state))
      : history.looked?.first;
    const looked = { distributions, ...defined({ first }) };
    return { ...checkpoint, history: { ...history, looked } };
  };
}

/** What was looked at of a training, and the first weights before and after it, as runs keep it. */
export function lookedAt(
  { looked }: Pick<History, "looked">,
  { network, parameters }: Pick<Trained, "network" | "parameters">,
): { readonly looked?: Pick<Observations, "distributions" | "first"> } {
  if (looked === undefined) return {};
  const { distributions, first: before } = looked;
  const after = firstWeights(network, parameters);
  if (after === undefined) return { looked: { distributions } };
  const { weights, ...units } = after;
  const earlier = before === undefined ? {} : { before: before.weights };
  return { looked: { distributions, first: { ...units, ...earlier, after: weights } } };
}
