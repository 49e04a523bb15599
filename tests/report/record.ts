/**
 * Runs to draw reports of, made up but shaped like real ones. Numbers come from formulas, so the
 * records, and with them the kept report, are the same everywhere.
 *
 * @module
 */
import type {
  DistributionKind,
  Distributions,
  DistributionSeries,
} from "../../lib/observe/distribution_fields.ts";
import type { Embedding } from "../../lib/observe/embedding.ts";
import type { FirstLayer } from "../../lib/observe/first_layer.ts";
import { BINS, type Histogram } from "../../lib/observe/histogram.ts";
import type { DataOverview } from "../../lib/observe/overview.ts";
import type { Observations } from "../../lib/run/observations.ts";
import { BOUNDARY_SIDE } from "../../lib/observe/boundary.ts";
import { UNITS_SIDE } from "../../lib/observe/units.ts";
import type { WeightsOverTime } from "../../lib/observe/weights_over_time.ts";
import { observationsOf, type ObservedValues } from "../observe/values.ts";
import type { AugmentedGallery, Gallery, RunRecord } from "../../lib/run/record.ts";
import type { SplitName } from "../../lib/data/split/samples.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import { sizeOf } from "../../lib/tensor/tensor.ts";

/** Options of a made-up run. */
export interface RecordOptions {
  /** Names of the classes. */
  readonly classes?: readonly string[];
  /** Epochs trained. */
  readonly epochs?: number;
  /** Steps of each epoch. */
  readonly stepsPerEpoch?: number;
  /** Samples of each evaluated split. */
  readonly samples?: number;
  /** Every how manieth sample is a mistake; none if undefined. */
  readonly mistakeEvery?: number;
  /** Shape of a sample. */
  readonly shape?: readonly number[];
  /** Whether there is a validation split. */
  readonly validation?: boolean;
  /** Augmented copies of each of some samples; none are shown if undefined. */
  readonly copies?: number;
  /** Classes of which no sample was evaluated, counted from the last. */
  readonly missing?: number;
  /** Names of the features. */
  readonly columns?: readonly string[];
  /** Whether data and network were observed; in older runs they were not. */
  readonly observed?: boolean;
  /** Whether two features were observed as a plane. */
  readonly plane?: boolean;
  /** Whether the first layer's weights were observed during training. */
  readonly overTime?: boolean;
  /** Names of the hidden layers that were looked at, from the first; none of a network without any. */
  readonly hidden?: readonly string[];
}

const DIGITS = [..."0123456789"];

/** Hidden units of all runs. */
const HIDDEN = 128;

/** Samples of each class that are shown, and over which means are taken. */
const SHOWN = 5;

/** Units of the first layer whose weights are shown. */
const UNITS = 6;

/** With more weights into a unit, as of large images, none are kept. */
const MOST_WEIGHTS = 100_000;

/** A made-up run. */
export function makeRecord(options: RecordOptions = {}): RunRecord {
  const { classes = DIGITS, epochs = 5, stepsPerEpoch = 40, shape = [8, 8] } = options;
  const { validation = true, copies, observed = false } = options;
  const splits: readonly SplitName[] = validation ? ["validation", "test"] : ["test"];
  const evaluations = splits.map((split) => makeEvaluation(split, classes.length, options));
  const steps = epochs * stepsPerEpoch;
  return {
    run: "digits-0f3a9c21",
    config: configOf(classes.length),
    classes,
    parameters: parametersOf(classes.length, shape),
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
    ...(copies === undefined ? {} : { augmented: makeAugmented(copies, shape) }),
    ...(observed ? { observations: makeObservations(options) } : {}),
  };
}

/** Parameters of the network of {@linkcode configOf}. */
function parametersOf(classes: number, shape: readonly number[]): number {
  return (sizeOf(shape) + 1) * HIDDEN + (HIDDEN + 1) * classes;
}

const configOf = (classes: number) => ({
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
        { name: "dense", units: HIDDEN, initializer: { name: "heNormal" } },
        { name: "relu" },
        { name: "dense", units: classes, initializer: { name: "heNormal" } },
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
});

function makeEvaluation(
  split: SplitName,
  classes: number,
  { samples = 200, mistakeEvery, missing = 0 }: RecordOptions,
): Evaluation {
  const labels = Uint16Array.from({ length: samples }, (_, i) => i % (classes - missing));
  const probabilities = new Float32Array(samples * classes).fill(0.25 / classes);
  for (let i = 0; i < samples; i++) {
    const label = labels[i];
    const wrong = mistakeEvery !== undefined && i % mistakeEvery === 0;
    const predicted = wrong ? (label + 1 + (i % 3)) % classes : label;
    const at = i * classes + predicted;
    probabilities[at] = probabilities[at] + 0.75 - (i % 64) / 256;
  }
  const rows = Uint32Array.from({ length: samples }, (_, i) => 1000 + 3 * i);
  return { split, rows, labels, probabilities, loss: 0.125 };
}

function makeAugmented(copies: number, shape: readonly number[]): AugmentedGallery {
  const rows = Uint32Array.from([4, 9, 16]);
  const values = Uint8Array.from(
    { length: rows.length * (1 + copies) * sizeOf(shape) },
    (_, i) => (i * 61) % 256,
  );
  return { rows, shape, copies, values };
}

function makeGallery({ split, rows }: Evaluation, shape: readonly number[]): Gallery {
  const values = new Uint8Array(rows.length * sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = i * 89; // modulo 256
  return { split, rows, shape, values };
}

function makeObservations(options: RecordOptions): Observations {
  const { hidden = ["relu1"], shape = [8, 8] } = options;
  return observationsOf({
    distributions: makeDistributions(options),
    ...(sizeOf(shape) > MOST_WEIGHTS ? {} : { first: makeFirst(shape) }),
    ...(hidden.length === 0 ? {} : { embedding: makeEmbedding(hidden.at(-1) as string, options) }),
    data: makeData(options),
    ...(options.plane === true ? makePlane(options) : {}),
    ...(options.overTime === true ? { weightsOverTime: makeWeightsOverTime(options) } : {}),
  });
}

/** Decisions with rings of classes, which turn from moment to moment; units with lines through the middle. */
function makePlane(
  { classes = DIGITS, hidden = ["relu1"], validation = true }: RecordOptions,
): Pick<ObservedValues, "plane" | "boundary" | "units"> {
  const pointsOf = (count: number) => ({
    points: Float32Array.from({ length: 2 * count }, (_, i) => ((i * 37) % 101) / 25 - 2),
    labels: Uint16Array.from({ length: count }, (_, i) => i % classes.length),
  });
  const extent = Float32Array.of(-2.5, 2.5, -2.5, 2.5);
  const epochs = Uint32Array.of(0, 1, 5, 5);
  const cells = BOUNDARY_SIDE ** 2;
  const ringOf = (cell: number, moment: number) => {
    const [x, y] = [cell % BOUNDARY_SIDE - 32, Math.floor(cell / BOUNDARY_SIDE) - 32 + 8 * moment];
    return (x * x + y * y) / 150;
  };
  const over = (length: number) =>
    Array.from({ length }, (_, cell) => ringOf(cell % cells, Math.floor(cell / cells)));
  const rings = over(cells * epochs.length);
  const layers = hidden.slice(0, 3).map((layer, index) => ({
    layer,
    units: HIDDEN,
    shown: 9,
    isActivated: index !== 1,
  }));
  const gridsOf = (count: number) =>
    Float32Array.from({ length: count * UNITS_SIDE ** 2 }, (_, i) => {
      const [unit, cell] = [Math.floor(i / UNITS_SIDE ** 2), i % UNITS_SIDE ** 2];
      return (unit - 4) * (cell % UNITS_SIDE - 15) / 16 + (Math.floor(cell / UNITS_SIDE) - 15) / 16;
    });
  const inputs = gridsOf(9 * layers.filter(({ isActivated }) => isActivated).length);
  return {
    plane: { train: pointsOf(120), ...(validation ? { validation: pointsOf(30) } : {}) },
    boundary: {
      extent,
      epochs,
      steps: Uint32Array.of(0, 40, 200, 210),
      classes: Uint16Array.from(rings, (ring) => Math.floor(ring) % classes.length),
      probabilities: Uint8Array.from(rings, (ring) => 255 - 120 * Math.abs(ring % 1 - 0.5)),
    },
    ...(layers.length === 0 ? {} : {
      units: {
        extent,
        layers,
        inputs,
        outputs: gridsOf(9 * layers.length).map((value) => Math.max(0, value)),
      },
    }),
  };
}

function makeWeightsOverTime({ shape = [8, 8] }: RecordOptions): WeightsOverTime {
  const inputs = sizeOf(shape);
  const epochs = Uint32Array.of(0, 1, 5);
  return {
    parameter: "dense1.weight",
    units: HIDDEN,
    inputs,
    shown: UNITS,
    epochs,
    steps: epochs.map((epoch) => 40 * epoch),
    weights: Float32Array.from(
      { length: epochs.length * UNITS * inputs },
      (_, i) => ((i * 37) % 101 - 50) * (0.001 + 0.003 * Math.floor(i / (UNITS * inputs))),
    ),
  };
}

/** Looks before training and after each epoch, of at most 20. */
function makeDistributions(
  { epochs = 5, stepsPerEpoch = 40, hidden = ["relu1"], shape = [8, 8] }: RecordOptions,
): Distributions {
  const apart = Math.ceil(epochs / 19);
  const ends = Array.from({ length: Math.floor(epochs / apart) + 1 }, (_, i) => i * apart);
  const series = (kind: DistributionKind, name: string, shape: readonly number[]) => ({
    kind,
    name,
    shape,
    histograms: ends.map((epoch) => makeHistogram(kind, epoch)),
  });
  const matrices = (kind: DistributionKind): readonly DistributionSeries[] =>
    [...hidden, "output"].flatMap((_, layer) => [
      series(kind, `dense${layer + 1}.weight`, [layer === 0 ? sizeOf(shape) : HIDDEN, HIDDEN]),
      series(kind, `dense${layer + 1}.bias`, [HIDDEN]),
    ]);
  return {
    samples: 256,
    moments: ends.map((epoch) => ({ epoch, step: epoch * stepsPerEpoch })),
    series: [
      ...hidden.map((name) => series("activation", name, [HIDDEN])),
      ...matrices("parameter"),
      ...matrices("gradient"),
    ],
  };
}

/** A histogram that is highest in the middle, and wider from epoch to epoch. */
function makeHistogram(kind: DistributionKind, epoch: number): Histogram {
  const high = kind === "gradient" ? 0.1 / (1 + epoch) : 0.2 + epoch / 50;
  const counts = Uint32Array.from({ length: BINS }, (_, bin) => {
    const fromMiddle = Math.abs(2 * bin + 1 - BINS);
    return Math.floor((BINS - fromMiddle) ** 2 / 4);
  });
  const dead = kind === "activation" ? { dead: Math.min(7, epoch) } : {};
  const low = kind === "activation" ? high / 1000 : -high;
  return { low, high, counts, zeros: 1000, infinite: 0, ...dead };
}

function makeFirst(shape: readonly number[]): FirstLayer {
  const inputs = sizeOf(shape);
  const weightsOf = (spread: number) =>
    Float32Array.from({ length: UNITS * inputs }, (_, i) => ((i * 37) % 101 - 50) * spread);
  return {
    parameter: "dense1.weight",
    units: HIDDEN,
    inputs,
    shown: UNITS,
    before: weightsOf(0.002),
    after: weightsOf(0.01),
  };
}

function makeEmbedding(
  layer: string,
  { classes = DIGITS, samples = 200, missing = 0 }: RecordOptions,
): Embedding {
  const labels = Uint16Array.from({ length: samples }, (_, i) => i % (classes.length - missing));
  const points = Float32Array.from({ length: 2 * samples }, (_, i) => {
    const label = labels[i >> 1];
    return (i % 2 === 0 ? (label * 7) % 10 : (label * 3) % 7) + ((i * 29) % 23) / 40;
  });
  return {
    split: "test",
    layer,
    units: HIDDEN,
    labels,
    points,
    variances: [3, 2],
    variance: 8,
    rows: Uint32Array.from(labels, (_, i) => 3 * i),
  };
}

function makeData(
  { classes = DIGITS, shape = [8, 8], missing = 0, validation = true, columns }: RecordOptions,
): DataOverview {
  const there = classes.length - missing;
  const size = sizeOf(shape);
  const countsOf = (each: number) =>
    Uint32Array.from(classes, (_, label) => label < there ? each + label : 0);
  const room = there * size * SHOWN < 300_000; // else there is no room for samples
  const samples = room ? there * SHOWN : 0;
  return {
    shape,
    ...(columns === undefined ? {} : { columns }),
    splits: [
      { split: "train", counts: countsOf(700) },
      ...(validation ? [{ split: "validation", counts: countsOf(100) } as const] : []),
      { split: "test", counts: countsOf(20) },
    ],
    means: Float32Array.from({ length: room ? classes.length * size : 0 }, (_, i) => (i * 31) % 97),
    averaged: Uint32Array.from(classes, (_, label) => room && label < there ? SHOWN : 0),
    samples: {
      rows: Uint32Array.from({ length: samples }, (_, i) => 7 * i),
      labels: Uint16Array.from({ length: samples }, (_, i) => Math.floor(i / SHOWN)),
      values: Uint8Array.from({ length: samples * size }, (_, i) => (i * 53) % 256),
    },
  };
}
