import { type FindingEntry, firstLargest, judgedScores } from "./finding.ts";

/** Epochs without progress that count: as many as early stopping waits for by default. */
const PATIENCE = 5;

/** Share of the epochs that all progress was made in. */
const EARLY = 0.5;

/** Epochs at the end of which none was better than one in the first half, by loss or by accuracy. */
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
