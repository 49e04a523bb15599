/**
 * Explains the output of a network for one sample: by every number of a small network, and by the strongest influences
 * in a larger one.
 *
 * @module
 */
import { computeInfluences, type Influences } from "./influences.ts";
import { buildNetworkExample, countParameters } from "./network_example.ts";
import { computeExample, type Term, type WorkedExample } from "./example.ts";
import { computeNetworkInput, type Subject } from "./sample.ts";

/** Largest number of parameters of a network whose every number is shown. */
export const MOST_PARAMETERS = 200;

/** Output of a network for one sample, and the loss of the sample. */
export interface Answer {
  /** Output of the network before the softmax [classes]. */
  readonly logits: ArrayLike<number>;
  /** Probability of each class [classes]. */
  readonly probabilities: ArrayLike<number>;
  readonly loss: number;
}

/** Explanation of a network's output for a sample. */
export interface Explanation {
  readonly subject: Subject;
  readonly answer: Answer;
  /** Inputs of the network: normalized features of the sample [inputs]. */
  readonly x: Float64Array<ArrayBuffer>;
  /**
   * Every number of the computation; undefined for a network of more than {@linkcode MOST_PARAMETERS}
   * parameters.
   */
  readonly example?: WorkedExample;
  /** Influences on the predicted class; undefined if `example` is defined. */
  readonly influences?: Influences;
}

/**
 * Explains the output of a network for a sample: by a worked example of a small network, or by the influences
 * in a larger one.
 */
export function explainSample(subject: Subject): Explanation {
  const { model, sample, lossNote, update } = subject;
  const { network, loss, parameters } = model;
  const x = computeNetworkInput(model, sample);
  if (countParameters(network) > MOST_PARAMETERS) {
    const influences = computeInfluences(subject);
    return { subject, answer: influences, x, influences };
  }
  const label = sample.labels[0];
  const options = { network, loss, lossNote, parameters, x, label, update };
  const example = computeExample(buildNetworkExample(options));
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
