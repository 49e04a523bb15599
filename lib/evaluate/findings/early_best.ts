import { formatPercent, PLAIN } from "../../format/percent.ts";
import { type FindingEntry, firstLargest, sampleCount, validationScore } from "./finding.ts";

/** Fraction of the epochs up to that of the model, from the first one, that are compared with the model. */
const EARLY = 0.75;

/** The 97.5 % quantile of the standard normal distribution. */
const SURE = 1.96;

/**
 * Finding: the model is significantly worse on the validation split than the network was after an earlier epoch.
 * By chance, the numbers of mistakes of two networks on the same samples differ with a variance of at most their
 * sum (see McNemar's test), so that small differences are not reported.
 */
export const earlyBest: FindingEntry = {
  doc: "An earlier epoch had a better validation score than the epoch of the model",
  remedy: "set train.earlyStopping, which restores the weights of the best epoch, " +
    "or use a decaying train.learningRate",
  explainedBy: ["diverged", "chanceLevel"],
  find({ counts, epochs, modelEpoch }) {
    const accuracyOf = (index: number) => validationScore(epochs[index])?.accuracy;
    const samples = sampleCount(counts.validation);
    const last = modelEpoch < 1 ? undefined : accuracyOf(modelEpoch - 1);
    if (last === undefined || samples === 0) return undefined;
    const early = epochs.slice(0, Math.floor(EARLY * modelEpoch));
    const best = firstLargest(early, ({ epoch }) => accuracyOf(epoch - 1) ?? 0);
    const accuracy = best && validationScore(best)?.accuracy;
    if (best === undefined || accuracy === undefined) return undefined;
    const spread = Math.sqrt(samples * (1 - last + 1 - accuracy));
    if (samples * (accuracy - last) <= SURE * spread) return undefined;
    return {
      severity: "warning",
      text: `The validation accuracy was ${
        formatPercent(accuracy, 2, PLAIN)
      } in epoch ${best.epoch} and is ${
        formatPercent(last, 2, PLAIN)
      } in epoch ${modelEpoch}, the epoch of the model`,
    };
  },
};
