/**
 * Runs observers during and after training, and stores their values.
 *
 * @module
 */
import type { Checkpoint } from "../../run/checkpoint.ts";
import { type Observations, valueIn, withValue } from "../../run/observations.ts";
import type { FitOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { parametersOf } from "../state.ts";
import type { ObservedNetwork, Observer, TrainingMoment } from "./observer.ts";

/**
 * Returns a function that runs the observers that are due at a checkpoint, and returns the checkpoint with their
 * values added. `isEnd` is whether training ends at the checkpoint.
 */
export function createCheckpointObserver(
  session: Session,
  { network, epochs, train, observers = [] }: FitOptions,
): (checkpoint: Checkpoint, isEnd: boolean) => Promise<Checkpoint> {
  return async (checkpoint, isEnd) => {
    const { position: { epoch, step }, state, history } = checkpoint;
    const isEpochEnd = step === epoch * session.batches.steps;
    const moment: TrainingMoment = { epoch, step, epochs, isEpochEnd, isEnd };
    let { observations } = history;
    for (const observer of observers) {
      const { training } = observer;
      if (training?.isDue(moment) !== true) continue;
      const found = await session.observe(observer);
      if (found === undefined) continue;
      const parameters = parametersOf({ network, groups: session.groups }, state);
      const snapshot = { moment, train, network, parameters, ...found };
      const value = training.observe(snapshot, valueIn(observations, observer, "checkpoint"));
      observations = withValue(observations, observer, value);
    }
    return { ...checkpoint, history: { ...history, observations } };
  };
}

/**
 * Runs the observers of the trained network. Returns the observations, which were stored during training, with
 * their values added.
 */
export function observeTrained(
  observers: readonly Observer[],
  network: ObservedNetwork,
  observations: Observations,
): Observations {
  return observers.reduce((known, observer) => {
    const value = observer.trained?.(network, valueIn(known, observer, "checkpoint"));
    return withValue(known, observer, value);
  }, observations);
}
