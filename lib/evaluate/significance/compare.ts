import type { Evaluation } from "../evaluation.ts";
import { areSame } from "../ensemble.ts";
import { discordant, type McNemar, mcnemar } from "./mcnemar.ts";
import { predictedClasses } from "../predict.ts";

/**
 * Compares two networks on the same samples by McNemar's test.
 *
 * @throws {TypeError} if the networks were evaluated on different samples
 */
export function compareNetworks(first: Evaluation, second: Evaluation): McNemar {
  if (!areSame(first, second)) {
    throw new TypeError(
      `Cannot compare two networks: expected evaluations of the same samples of "${first.split}": ` +
        "received different samples",
    );
  }
  const { labels } = first;
  const predicted = ({ probabilities }: Evaluation) =>
    predictedClasses(probabilities, {
      samples: labels.length,
      classes: probabilities.length / labels.length,
    });
  return mcnemar(discordant(labels, predicted(first), predicted(second)));
}
