/**
 * Runs the sanity checks of a training on a few of its samples.
 *
 * @module
 */
import {
  checkDeadUnits,
  checkGradients,
  checkInitialLoss,
  checkOverfitting,
  checkShuffledLabels,
  type InputSamples,
  type SanityCheck,
} from "../../lib/analysis/check/sanity.ts";
import type { Samples, Split } from "../../lib/data/dataset.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { input, key, permutation, sizeOf } from "../../lib/tensor/mod.ts";
import { constantRate } from "../../lib/train/mod.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { storeSplitFeatures } from "../../lib/train/programs.ts";
import { normalizationInputs, normalizedRows } from "../../lib/train/step/batch.ts";

/**
 * Number of samples on which initial loss and dead units are checked. It is small since the reference
 * interpreter is slow.
 */
const SEEN = 32;

/** Number of samples on which gradients are checked. */
const DIFFERENTIATED = 4;

/** Number of training steps in the check that a network can overfit a single batch. */
const STEPS = 200;

/** Largest number of samples on which the network is trained with shuffled labels. */
const SHUFFLED = 2000;

/** Number of epochs of the training on shuffled labels. */
const EPOCHS = 3;

/** Runs all sanity checks that apply to a training. `classes` is the number of classes. */
export async function sanityChecks(
  training: FitOptions,
  { classes }: { readonly classes: number },
): Promise<readonly SanityCheck[]> {
  const { network, loss, seed, train } = training;
  const model = { network, loss, seed, classes };
  const order = permutation(key(seed, "check"), train.rows.length);
  const randomRows = Uint32Array.from(order, (place) => train.rows[place]);
  const seen = networkInputSamples(training, randomRows.slice(0, SEEN));
  const first = {
    x: Array.from(seen.x).slice(0, DIFFERENTIATED * network.inputs),
    labels: seen.labels.slice(0, DIFFERENTIATED),
  };
  return [
    checkInitialLoss(model, seen),
    checkGradients(model, first),
    checkDeadUnits(model, seen),
    await checkOverfittingOneBatch(training, randomRows),
    ...await trainOnShuffledLabels(training, randomRows, classes),
  ];
}

/**
 * Computes the network's inputs, normalized but not augmented, for samples of the training split, and returns
 * them with the labels.
 *
 * @param rows row numbers of the samples in the training data
 */
function networkInputSamples(
  { train, normalization, network }: FitOptions,
  rows: Uint32Array,
): InputSamples {
  const { source, sources } = storeSplitFeatures(train, normalization);
  const { x } = normalizedRows(
    { source, normalization },
    input("rows", [rows.length], "integer"),
  );
  const features = sizeOf(train.samples.shape);
  const constants = Object.fromEntries(normalizationInputs(normalization, features));
  const [values] = evaluate([x], { inputs: { rows: Array.from(rows), ...constants }, sources });
  const labels = Array.from(rows, (row) => train.samples.labels[row]);
  return { x: values.subarray(0, rows.length * network.inputs), labels };
}

/**
 * Returns the options of a simpler training: on some rows, without augmentation, averaging and early
 * stopping. Its learning rate is constant: the largest that the schedule gives in a training of 100 steps.
 *
 * @param rows rows of the training split to train on
 */
function simplifyTraining(
  training: FitOptions,
  rows: Uint32Array<ArrayBuffer>,
  epochs: number,
): FitOptions {
  const { network, loss, optimizer, learningRate, normalization, train, seed } = training;
  const size = Math.min(training.batchSize, rows.length);
  const run = { steps: 100, stepsPerEpoch: 10, scores: [] };
  const rates = Array.from({ length: 100 }, (_, index) => learningRate(index + 1, run));
  return {
    network,
    loss,
    optimizer,
    normalization,
    seed,
    learningRate: constantRate({ rate: Math.max(...rates) }),
    train: { samples: train.samples, rows },
    batchSize: size,
    epochs,
  };
}

/** Trains on a single batch, and checks that its loss falls. */
async function checkOverfittingOneBatch(
  training: FitOptions,
  randomRows: Uint32Array<ArrayBuffer>,
): Promise<SanityCheck> {
  const rows = randomRows.slice(0, training.batchSize).sort();
  const { history: { steps } } = await fit(simplifyTraining(training, rows, STEPS));
  return checkOverfitting({
    start: steps.loss[0],
    end: steps.loss.at(-1) ?? NaN,
    steps: STEPS,
  });
}

/**
 * Trains on shuffled labels, and checks that the validation accuracy is near chance. Returns an empty list
 * if there is no validation split.
 */
async function trainOnShuffledLabels(
  training: FitOptions,
  randomRows: Uint32Array<ArrayBuffer>,
  classes: number,
): Promise<readonly SanityCheck[]> {
  const { validation, train, seed } = training;
  if (validation === undefined) return [];
  const rows = randomRows.slice(0, SHUFFLED).sort();
  const labels = train.samples.labels.slice();
  const from = permutation(key(seed, "check", "labels"), rows.length);
  rows.forEach((row, index) => labels[row] = train.samples.labels[rows[from[index]]]);
  const samples: Samples = { ...train.samples, labels };
  const split = (rows: Split["rows"]): Split => ({ samples, rows });
  const { history } = await fit({
    ...simplifyTraining(training, rows, EPOCHS),
    train: split(rows),
    validation: split(validation.rows),
  });
  const accuracy = history.epochs.at(-1)?.validation?.accuracy ?? NaN;
  const count = validation.rows.length;
  const counts = new Array<number>(classes).fill(0);
  for (const row of validation.rows) counts[labels[row]]++;
  const largest = Math.max(...counts) / count;
  return [
    checkShuffledLabels({ classes }, {
      right: Math.round(accuracy * count),
      samples: count,
      largest,
    }),
  ];
}
