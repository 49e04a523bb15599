import { formatPercent, PLAIN } from "../../format/percent.ts";
import { type FindingEntry, firstLargest, heldOut, sampleCount } from "./finding.ts";

/** Fraction of the epochs within which the best one counts as early. */
const EARLY = 0.75;

/** The 97.5 % quantile of the standard normal distribution. */
const SURE = 1.96;

/**
 * A model that is worse than that of an earlier epoch. The numbers of mistakes of two networks on the same
 * samples differ by chance with a variance of at most the sum of both (see McNemar's test), so the best of
 * many epochs counts as better only if the difference is large.
 */
export const earlyBest: FindingEntry = {
  doc: "An earlier epoch had a better validation score than the epoch of the model",
  remedy: "set train.earlyStopping, which restores the weights of the best epoch, " +
    "or use a decaying train.learningRate",
  explainedBy: ["diverged", "chanceLevel"],
  find({ counts, epochs, modelEpoch }) {
    const accuracyOf = (index: number) => heldOut(epochs[index])?.accuracy;
    const samples = sampleCount(counts.validation);
    const last = modelEpoch < 1 ? undefined : accuracyOf(modelEpoch - 1);
    if (last === undefined || samples === 0) return undefined;
    const early = epochs.slice(0, Math.floor(EARLY * modelEpoch));
    const best = firstLargest(early, ({ epoch }) => accuracyOf(epoch - 1) ?? 0);
    const accuracy = best && heldOut(best)?.accuracy;
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
