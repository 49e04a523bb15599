/**
 * Explanations of what a network does with one sample: every number of a small network, the influences in
 * a larger one.
 *
 * @module
 */
import { networkExample, parameterCount } from "./network_example.ts";
import { type WorkedExample, workOut } from "./example.ts";
import { networkInput, type Subject } from "./sample.ts";

/** Parameters of a network of which every number is shown, at most. */
export const MOST_PARAMETERS = 200;

/** The explanation of a sample. */
export interface Explanation {
  readonly subject: Subject;
  /** Every number; only of a small network. */
  readonly example?: WorkedExample;
}

/** Explains a sample by its network. */
export function explain(subject: Subject): Explanation {
  const { model, sample, lossNote, rate } = subject;
  const { network, loss, parameters } = model;
  const x = networkInput(model, sample);
  if (parameterCount(network) > MOST_PARAMETERS) return { subject };
  const label = sample.labels[0];
  const options = { network, loss, lossNote, parameters, x, label, rate };
  return { subject, example: workOut(networkExample(options)) };
}
