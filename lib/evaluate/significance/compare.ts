import type { Evaluation } from "../evaluation.ts";
import { areSame } from "../ensemble.ts";
import { discordant, type McNemar, mcnemar } from "./mcnemar.ts";
import { predictedClasses } from "../predict.ts";

/**
 * Two networks by what they say of the same samples: McNemar's test of whether one is better.
 *
 * @throws {TypeError} if they were asked about other samples
 */
export function compareNetworks(first: Evaluation, second: Evaluation): McNemar {
  if (!areSame(first, second)) {
    throw new TypeError(
      `Cannot compare two networks: expected both to be asked about the same samples of ` +
        `"${first.split}": received others`,
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
