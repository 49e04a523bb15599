/** Outcomes of small imagined trainings, for tests of findings. */
import type { EpochScores, TrainingOutcome } from "../../../lib/evaluate/findings/finding.ts";

/** A training of which nothing is known. */
export const UNKNOWN: TrainingOutcome = {
  classes: 10,
  counts: {},
  firstLoss: undefined,
  epochs: [],
  modelEpoch: 0,
  stopsEarly: false,
  hidden: [],
};

type Pair = readonly [loss: number, accuracy: number];

/** Scores of epochs: of the mini-batches and, if given, of the validation split. */
export function epochsOf(train: readonly Pair[], validation: readonly Pair[] = []): EpochScores[] {
  return train.map(([loss, accuracy], index) => {
    const held = validation[index];
    return {
      epoch: index + 1,
      step: 10 * (index + 1),
      train: { loss, accuracy },
      ...(held === undefined ? {} : { validation: { loss: held[0], accuracy: held[1] } }),
    };
  });
}

/** Samples of ten classes, as many of each. */
export function balanced(samples: number): number[] {
  return Array(10).fill(samples / 10);
}

/**
 * A training of ten classes, 1,000 training and 1,000 validation samples, that began with a loss of 2.3 and
 * of which there is nothing to report as long as its scores are good.
 */
export function outcomeOf(
  epochs: readonly EpochScores[],
  changes: Partial<TrainingOutcome> = {},
): TrainingOutcome {
  return {
    ...UNKNOWN,
    counts: { train: balanced(1000), validation: balanced(1000) },
    firstLoss: 2.3,
    epochs,
    modelEpoch: epochs.length,
    ...changes,
  };
}

/** Losses and accuracies that stay as they are from the third epoch on. */
function flat(epochs: number, loss: number, accuracy: number): Pair[] {
  return Array.from(
    { length: epochs },
    (_, index) => index < 2 ? [2 - index, 0.5] : [loss, accuracy],
  );
}

/** Nothing to report: the last of five epochs is the best, by little. */
export const GOOD = outcomeOf(epochsOf(
  [[1, 0.7], [0.5, 0.85], [0.3, 0.9], [0.26, 0.92], [0.25, 0.93]],
  [[0.9, 0.75], [0.5, 0.85], [0.35, 0.89], [0.31, 0.9], [0.3, 0.91]],
));

/** An outcome for each finding, which is the only one about it. */
export const OUTCOMES: Readonly<Record<string, TrainingOutcome>> = {
  diverged: outcomeOf(epochsOf([[5e5, 0.1], [9.5e7, 0.115]], [[7e5, 0.1], [9e7, 0.1]])),
  chanceLevel: outcomeOf(epochsOf([[2.31, 0.1], [2.3, 0.11]], [[2.3, 0.1], [2.3, 0.1]])),
  overfitting: outcomeOf(epochsOf([[0.1, 0.99], [0.01, 1]], [[0.4, 0.9], [0.4, 0.9]])),
  earlyBest: outcomeOf(
    epochsOf(
      [[0.5, 0.85], [0.4, 0.9], [0.4, 0.88], [0.5, 0.84]],
      [[0.5, 0.85], [0.4, 0.9], [0.45, 0.88], [0.6, 0.83]],
    ),
  ),
  deadUnits: { ...GOOD, hidden: [{ layer: "relu1", units: 32, dead: 3 }] },
  idleEpochs: outcomeOf(epochsOf(flat(10, 0.3, 0.9), flat(10, 0.35, 0.89))),
  stillImproving: outcomeOf(
    epochsOf([[1, 0.7], [0.8, 0.75], [0.6, 0.8]], [[1, 0.7], [0.8, 0.75], [0.6, 0.8]]),
  ),
};
