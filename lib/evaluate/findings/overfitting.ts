import { formatPercent, PLAIN } from "../../format/percent.ts";
import { formatFixed, formatLoss } from "../../format/numbers.ts";
import {
  accuracyInterval,
  type FindingEntry,
  firstLargest,
  sampleCount,
  type TrainingOutcome,
  validationScore,
} from "./finding.ts";

/**
 * Gap between the 95 % intervals of training and validation accuracy above which overfitting is reported.
 * Every network that fits MNIST has a gap of about a point, which is harmless at that accuracy.
 */
const GAP = 0.02;

/** Gap above which the finding is a warning: overfitting then costs a tenth of the accuracy on new samples. */
const WIDE_GAP = 0.1;

/**
 * Relative rise of the validation loss after its best epoch above which overfitting is reported. In the recipe with
 * dropout the loss rises by a sixth while accuracy still rises, because the network becomes more confident, in its
 * mistakes too.
 */
const RISE = 0.25;

/**
 * Finding: the accuracy is much higher on training samples than on validation samples, or the validation loss rises
 * while the training loss falls.
 */
export const overfitting: FindingEntry = {
  doc: "Training samples are predicted much better than new ones, or the validation loss rises",
  remedy: "train on more samples, add train.augment for images, dropout in train.layers or " +
    "train.regularization, or keep the best epoch by train.earlyStopping",
  explainedBy: ["diverged", "chanceLevel"],
  find: (outcome) => findAccuracyGap(outcome) ?? findLossRise(outcome),
};

/** Finds a gap between the intervals of training and validation accuracy; undefined if there is none or it is small. */
function findAccuracyGap({ counts, epochs, modelEpoch }: TrainingOutcome) {
  const epoch = epochs[modelEpoch - 1];
  const score = epoch && validationScore(epoch);
  if (score === undefined) return undefined;
  const training = accuracyInterval(epoch.train, sampleCount(counts.train));
  const validation = accuracyInterval(score, sampleCount(counts.validation));
  if (training === null || validation === null) return undefined;
  const gap = training[0] - validation[1];
  if (gap <= GAP) return undefined;
  const [known, held] = [epoch.train, score].map(({ accuracy }) =>
    formatPercent(accuracy, 2, PLAIN)
  );
  return {
    severity: gap > WIDE_GAP ? "warning" : "note",
    text: `The training accuracy of ${known} and the validation accuracy of ${held} are ${
      formatFixed(100 * gap, 1)
    } points further apart than their 95 % intervals explain`,
  } as const;
}

/** Finds a rise of the validation loss while the training loss falls; undefined if there is none or it is small. */
function findLossRise({ epochs, modelEpoch }: TrainingOutcome) {
  const seen = epochs.slice(0, modelEpoch);
  const validated = seen.filter((each) => validationScore(each) !== undefined);
  const best = firstLargest(validated, (each) => -(validationScore(each)?.loss ?? Infinity));
  const last = seen.at(-1);
  const [before, after] = [best && validationScore(best), last && validationScore(last)];
  if (best === undefined || before === undefined || after === undefined) return undefined;
  const isRising = after.loss > (1 + RISE) * before.loss && after.accuracy <= before.accuracy;
  if (!isRising || (last?.train.loss ?? Infinity) >= best.train.loss) return undefined;
  return {
    severity: "note",
    text: `The validation loss rose from ${formatLoss(before.loss)} in epoch ${best.epoch} to ${
      formatLoss(after.loss)
    }, without a gain in accuracy, while the training loss fell`,
  } as const;
}
