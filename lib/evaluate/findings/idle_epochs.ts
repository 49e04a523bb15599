import { type FindingEntry, firstLargest, judgedScores } from "./finding.ts";

/** Smallest number of epochs without progress that is reported; early stopping's default patience. */
const PATIENCE = 5;

/** Fraction of the epochs in which all progress was made. */
const EARLY = 0.5;

/** A second half of training in which neither loss nor accuracy improved. */
export const idleEpochs: FindingEntry = {
  doc: "The second half of training brought no progress",
  remedy: "lower train.epochs, or set train.earlyStopping",
  explainedBy: ["diverged", "chanceLevel", "overfitting", "earlyBest"],
  find({ epochs, stopsEarly }) {
    const { split, scores } = judgedScores(epochs);
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
