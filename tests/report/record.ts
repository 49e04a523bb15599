/**
 * Runs to draw reports of, made up but shaped like real ones. Numbers come from formulas, so the
 * records, and with them the kept report, are the same everywhere.
 *
 * @module
 */
import type {
  DeformedGallery,
  Evaluation,
  Gallery,
  PartName,
  RunRecord,
} from "../../lib/run/record.ts";

/** What a made-up run is like. */
export interface RecordOptions {
  /** Names of the classes. */
  readonly classes?: readonly string[];
  /** Epochs trained. */
  readonly epochs?: number;
  /** Steps of each epoch. */
  readonly stepsPerEpoch?: number;
  /** Samples of each evaluated part. */
  readonly samples?: number;
  /** Every how manieth sample is a mistake; none if undefined. */
  readonly mistakeEvery?: number;
  /** Shape of a sample. */
  readonly shape?: readonly number[];
  /** Whether there is a validation part. */
  readonly validation?: boolean;
  /** Deformed copies of each of some samples; none are shown if undefined. */
  readonly copies?: number;
  /** Classes of which no sample was evaluated, counted from the last. */
  readonly missing?: number;
}

const DIGITS = [..."0123456789"];

/** A made-up run. */
export function makeRecord(options: RecordOptions = {}): RunRecord {
  const { classes = DIGITS, epochs = 5, stepsPerEpoch = 40, shape = [8, 8] } = options;
  const { validation = true, copies } = options;
  const parts: readonly PartName[] = validation ? ["validation", "test"] : ["test"];
  const evaluations = parts.map((part) => makeEvaluation(part, classes.length, options));
  const steps = epochs * stepsPerEpoch;
  return {
    run: "digits-0f3a9c21",
    config: CONFIG,
    classes,
    parameters: 101_770,
    epochs: Array.from({ length: epochs }, (_, index) => ({
      epoch: index + 1,
      step: (index + 1) * stepsPerEpoch,
      learningRate: 0.002 * (1 - (index + 1) / epochs),
      train: { loss: 0.6 / (index + 1), accuracy: 1 - 0.15 / (index + 1) },
      ...(validation
        ? { validation: { loss: 0.5 / (index + 1) + 0.05, accuracy: 0.98 - 0.12 / (index + 1) } }
        : {}),
    })),
    steps: {
      loss: Float32Array.from({ length: steps }, (_, step) => {
        return (2.3 / (1 + step / 20)) * (1 + ((step * 7919) % 13) / 26);
      }),
      learningRate: Float32Array.from({ length: steps }, (_, step) => 0.002 * (1 - step / steps)),
      correct: new Float32Array(steps).fill(60),
      gradientNorm: new Float32Array(steps).fill(1),
    },
    evaluations,
    galleries: evaluations.map((evaluation) => makeGallery(evaluation, shape)),
    ...(copies === undefined ? {} : { deformed: makeDeformed(copies, shape) }),
  };
}

const CONFIG = {
  name: "digits",
  description: "One hidden layer, Adam, linear decay",
  seed: 42,
  pipeline: [
    { stage: "load", dataset: { name: "mnist-10k" } },
    { stage: "split", validation: 1000 },
    { stage: "normalize", method: { name: "unit" } },
    {
      stage: "train",
      layers: [
        { name: "dense", units: 128, initializer: { name: "heNormal" } },
        { name: "relu" },
        { name: "dense", units: 10, initializer: { name: "heNormal" } },
      ],
      loss: { name: "softmaxCrossEntropy" },
      optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      learningRate: { name: "cosine", from: 0.002, to: 0 },
      epochs: 5,
      batchSize: 64,
    },
    { stage: "evaluate", on: ["validation", "test"] },
    { stage: "report" },
  ],
};

function makeEvaluation(
  part: PartName,
  classes: number,
  { samples = 200, mistakeEvery, missing = 0 }: RecordOptions,
): Evaluation {
  const labels = Uint16Array.from({ length: samples }, (_, i) => i % (classes - missing));
  const probabilities = new Float32Array(samples * classes).fill(0.25 / classes);
  for (let i = 0; i < samples; i++) {
    const label = labels[i] as number;
    const wrong = mistakeEvery !== undefined && i % mistakeEvery === 0;
    const predicted = wrong ? (label + 1 + (i % 3)) % classes : label;
    const at = i * classes + predicted;
    probabilities[at] = (probabilities[at] as number) + 0.75 - (i % 64) / 256;
  }
  const rows = Uint32Array.from({ length: samples }, (_, i) => 1000 + 3 * i);
  return { part, rows, labels, probabilities, loss: 0.125 };
}

function makeDeformed(copies: number, shape: readonly number[]): DeformedGallery {
  const rows = Uint32Array.from([4, 9, 16]);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Uint8Array.from(
    { length: rows.length * (1 + copies) * size },
    (_, i) => (i * 61) % 256,
  );
  return { rows, shape, copies, values };
}

function makeGallery({ part, rows }: Evaluation, shape: readonly number[]): Gallery {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Uint8Array.from({ length: rows.length * size }, (_, i) => (i * 89) % 256);
  return { part, rows, shape, values };
}
