/**
 * Explanations of what a network does with one sample: every number of a small network, the influences in
 * a larger one.
 *
 * @module
 */
import { type Influences, influencesOf } from "./influences.ts";
import { networkExample, parameterCount } from "./network_example.ts";
import { type Term, type WorkedExample, workOut } from "./example.ts";
import { networkInput, type Subject } from "./sample.ts";

/** Parameters of a network of which every number is shown, at most. */
export const MOST_PARAMETERS = 200;

/** The output of a network for a sample. */
export interface Answer {
  /** Output of the network [classes]. */
  readonly logits: ArrayLike<number>;
  /** Probability of each class [classes]. */
  readonly probabilities: ArrayLike<number>;
  readonly loss: number;
}

/** The explanation of a sample. */
export interface Explanation {
  readonly subject: Subject;
  readonly answer: Answer;
  /** Inputs of the network [inputs]. */
  readonly x: Float64Array<ArrayBuffer>;
  /** Every number; only of a small network. */
  readonly example?: WorkedExample;
  /** Influences on the answer; only of a larger network. */
  readonly influences?: Influences;
}

/** Explains a sample by its network. */
export function explain(subject: Subject): Explanation {
  const { model, sample, lossNote, update } = subject;
  const { network, loss, parameters } = model;
  const x = networkInput(model, sample);
  if (parameterCount(network) > MOST_PARAMETERS) {
    const influences = influencesOf(subject);
    return { subject, answer: influences, x, influences };
  }
  const label = sample.labels[0];
  const options = { network, loss, lossNote, parameters, x, label, update };
  const example = workOut(networkExample(options));
  const { valuesOf, sections } = example;
  const terms = sections.flatMap(({ terms }) => terms);
  const outputs = terms.findIndex(({ symbol }) => symbol === "e") - 1;
  const probabilities = terms.find(({ symbol }) => symbol === "p") as Term;
  return {
    subject,
    x,
    answer: {
      logits: valuesOf(terms[outputs].tensor),
      probabilities: valuesOf(probabilities.tensor),
      loss: valuesOf(example.loss.tensor)[0],
    },
    example,
  };
}
