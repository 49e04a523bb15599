import type { Score } from "../evaluation.ts";
import { formatInterval, formatPercent, PLAIN } from "../../format/percent.ts";
import { accuracyInterval, type FindingEntry, sampleCount, validationScore } from "./finding.ts";

/**
 * Finding: the accuracy is not significantly above that of always predicting one class. Training and validation
 * accuracy must both be at chance level, since a few validation samples prove little, and a network that is above
 * chance on training samples only is overfitted.
 */
export const chanceLevel: FindingEntry = {
  doc: "The network is no better than always predicting the most frequent class",
  remedy: "try train.learningRate ten times lower and ten times higher, " +
    "and check that the labels of load.dataset belong to its features",
  explainedBy: ["diverged"],
  find({ classes, counts, epochs, modelEpoch }) {
    const epoch = epochs[modelEpoch - 1];
    if (epoch === undefined) return undefined;
    const training = compareWithChance(epoch.train, counts.train, classes);
    const score = validationScore(epoch);
    const validation = score && compareWithChance(score, counts.validation, classes);
    const known = [training, validation].filter((each) => each !== undefined);
    if (known.length === 0 || !known.every(({ isChance }) => isChance)) return undefined;
    const { accuracy, interval, chance } = validation ?? known[0];
    return {
      severity: "warning",
      text: `The ${validation === undefined ? "training" : "validation"} accuracy of ${
        formatPercent(accuracy, 2, PLAIN)
      } (95 %: ${formatInterval(interval, 2, PLAIN)}) is not above chance level, ${
        formatPercent(chance, 2, PLAIN)
      }`,
    };
  },
};

/**
 * Compares an accuracy with chance level: 1 / classes or, if it is larger, the fraction of samples of the most
 * frequent class. Returns the score with its interval, chance level, and whether the accuracy is not significantly
 * above it. Returns undefined if the numbers of samples are unknown or all 0.
 *
 * @param counts number of samples of each class; undefined if unknown
 */
function compareWithChance(score: Score, counts: ArrayLike<number> | undefined, classes: number) {
  const samples = sampleCount(counts);
  const interval = accuracyInterval(score, samples);
  if (counts === undefined || interval === null) return undefined;
  const chance = Math.max(1 / classes, Math.max(...Array.from(counts)) / samples);
  // samples of a single class have an accuracy of 1 by chance
  return { ...score, interval, chance, isChance: chance < 1 && interval[0] <= chance };
}
