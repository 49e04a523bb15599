import { formatPercent, PLAIN } from "../../format/percent.ts";
import { type FindingEntry, firstLargest, heldOut, sampleCount } from "./finding.ts";

/** Share of the epochs that the best one lies in, if it was long before the model's. */
const EARLY = 0.75;

/** Quantile of the standard normal distribution that leaves 2.5 % above it. */
const SURE = 1.96;

/**
 * A model that is worse than an earlier epoch's was. The mistakes of two networks on the same samples differ
 * by chance with a variance of at most the sum of their mistakes (those of one alone, see McNemar's test),
 * so that the best of many epochs is taken for better only if it is by far.
 */
export const earlyBest: FindingEntry = {
  doc: "An earlier epoch was better on validation samples than the one that the model is of",
  remedy: "set train.earlyStopping, which restores the weights of the best epoch, " +
    "or let train.learningRate fall",
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
      } in epoch ${modelEpoch}, which the model is of`,
    };
  },
};
