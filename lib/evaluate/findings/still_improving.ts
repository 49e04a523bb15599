import { formatLoss } from "../../format/numbers.ts";
import { type FindingEntry, firstLargest, validationOrTrainingScores } from "./finding.ts";

/** Last part of a training in which the loss must fall, as a fraction of all epochs. */
const END = 0.1;

/**
 * Smallest relative fall of the loss in the last part for which the finding is reported. At this pace, half as many epochs
 * again would lower the loss by a fifth.
 */
const FALL = 0.05;

/** Finding: the loss was still falling when training ended. */
export const stillImproving: FindingEntry = {
  doc: "The loss was still falling when training ended",
  remedy: "raise train.epochs",
  explainedBy: ["diverged"],
  find({ epochs }) {
    const { split, scores } = validationOrTrainingScores(epochs);
    const end = Math.max(1, Math.floor(END * scores.length));
    const last = scores.at(-1);
    const before = firstLargest(scores.slice(0, -end), ({ loss }) => -loss);
    if (last === undefined || before === undefined) return undefined;
    if (last.loss >= (1 - FALL) * before.loss || last.accuracy < before.accuracy) return undefined;
    return {
      severity: "note",
      text: `The ${split} loss was still falling: ${
        formatLoss(before.loss)
      } in epoch ${before.epoch}, ${formatLoss(last.loss)} in epoch ${last.epoch}, the last`,
    };
  },
};
