import { type FindingEntry, firstLargest, validationOrTrainingScores } from "./finding.ts";

/** Smallest number of epochs without progress that is reported: the default patience of early stopping. */
const PATIENCE = 5;

/** Latest epoch with progress for which the finding is reported, as a fraction of all epochs. */
const EARLY = 0.5;

/** Finding: neither loss nor accuracy improved in the second half of training. */
export const idleEpochs: FindingEntry = {
  doc: "The second half of training brought no progress",
  remedy: "lower train.epochs, or set train.earlyStopping",
  explainedBy: ["diverged", "chanceLevel", "overfitting", "earlyBest"],
  find({ epochs, stopsEarly }) {
    const { split, scores } = validationOrTrainingScores(epochs);
    const lowest = firstLargest(scores, ({ loss }) => -loss);
    const highest = firstLargest(scores, ({ accuracy }) => accuracy);
    if (stopsEarly || lowest === undefined || highest === undefined) return undefined;
    const last = epochs.length;
    const best = Math.max(lowest.epoch, highest.epoch);
    if (best > EARLY * last || last - best < PATIENCE) return undefined;
    return {
      severity: "note",
      text:
        `No epoch after ${best} of ${last} had a lower ${split} loss or a higher ${split} accuracy`,
    };
  },
};
