/**
 * Runs of every kind that a report must be able to show, made up.
 *
 * @module
 */
import type { Histogram } from "../../lib/observe/histogram.ts";
import { NO_OBSERVATIONS } from "../../lib/run/observations.ts";
import type { EpochRecord, RunRecord } from "../../lib/run/record.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import { observationsOf, type ObservedValues, valuesOf } from "../observe/values.ts";
import { makeRecord, type RecordOptions } from "./record.ts";

const LETTERS = Array.from({ length: 47 }, (_, index) => `letter ${index}`);

const RELUS = Array.from({ length: 20 }, (_, index) => `relu${index + 1}`);

const COLUMNS = [
  "alcohol",
  "malic acid",
  "ash",
  "alcalinity of ash",
  "magnesium",
  "total phenols",
  "flavanoids",
  "nonflavanoid phenols and what else there is of them",
  "hue",
  "proline",
];

/** Runs that differ in what their data and their network are like. */
const made: Readonly<Record<string, RecordOptions>> = {
  "a small run": { mistakeEvery: 7 },
  "one epoch": { epochs: 1, mistakeEvery: 9 },
  "one step": { epochs: 1, stepsPerEpoch: 1, samples: 1 },
  "200 epochs of 430 steps": { epochs: 200, stepsPerEpoch: 430, mistakeEvery: 11 },
  "no validation split": { validation: false, mistakeEvery: 7 },
  "no mistakes": {},
  "a single mistake": { mistakeEvery: 200 },
  "nothing but mistakes": { mistakeEvery: 1 },
  "a single sample": { samples: 1, mistakeEvery: 1 },
  "2 classes": { classes: ["no", "yes"], mistakeEvery: 5 },
  "47 classes": { classes: LETTERS, samples: 2000, mistakeEvery: 3, shape: [28, 28] },
  "47 classes of a table": { classes: LETTERS, samples: 500, mistakeEvery: 3, shape: [10] },
  "a missing class": { missing: 1, mistakeEvery: 7 },
  "samples that are no images": { shape: [10], mistakeEvery: 7 },
  "a table of three classes": {
    classes: ["setosa", "versicolor", "virginica"],
    columns: COLUMNS,
    shape: [10],
    mistakeEvery: 9,
  },
  "a table of two columns": {
    classes: ["no", "yes"],
    columns: ["length in cm", "width in cm"],
    shape: [2],
    plane: true,
    overTime: true,
    mistakeEvery: 5,
  },
  "two features of 12 classes, no validation": {
    classes: LETTERS.slice(0, 12),
    shape: [2],
    plane: true,
    hidden: ["relu1", "maxout1", "relu2", "relu3"],
    validation: false,
    mistakeEvery: 5,
  },
  "two features, no hidden layer": { shape: [2], plane: true, hidden: [], mistakeEvery: 5 },
  "weights over time": { overTime: true, mistakeEvery: 7 },
  "a table of a single column": { classes: ["no", "yes"], shape: [1], mistakeEvery: 5 },
  "a table of 64 columns": { shape: [64], mistakeEvery: 7 },
  "colour images": { shape: [4, 6, 3], mistakeEvery: 7 },
  "augmented images": { copies: 7, mistakeEvery: 7 },
  "large images": { shape: [512, 512], samples: 12, mistakeEvery: 3 },
  "no hidden layer": { hidden: [], mistakeEvery: 7 },
  "20 hidden layers": { hidden: RELUS, mistakeEvery: 7 },
  "long and strange class names": {
    classes: ["<b>&\"'\u0000", "a".repeat(300), "NaN", "数字".repeat(40), "", "undefined"],
    mistakeEvery: 4,
  },
  "one epoch, a class missing, no validation": {
    epochs: 1,
    missing: 1,
    validation: false,
    mistakeEvery: 7,
  },
  "47 classes, 200 epochs": {
    classes: LETTERS,
    epochs: 200,
    samples: 2000,
    mistakeEvery: 3,
    shape: [28, 28],
  },
};

const whole: RunRecord = makeRecord({ mistakeEvery: 7, observed: true });

/** Runs of which something is missing, broken or not a number. */
const changed: Readonly<Record<string, RunRecord>> = {
  "an unknown config": { ...whole, config: [1, null, { pipeline: 3 }] },
  "nothing evaluated": { ...whole, evaluations: [], galleries: [] },
  "splits without a sample": { ...whole, evaluations: whole.evaluations.map(emptied) },
  "no epoch finished": { ...whole, epochs: [] },
  "nothing observed": { ...whole, observations: NO_OBSERVATIONS },
  "a class that training lacks": withCounts(whole, 0),
  "a class that validation lacks": withCounts(whole, 1),
  "no finite figure": withFigures(whole, () => NaN),
  "an epoch without a finite figure": withFigures(whole, (epoch) => epoch === 3 ? NaN : 0.5),
  "an infinite loss at the end": withFigures(whole, (epoch) => epoch === 5 ? Infinity : 0.5),
  "a loss of zero": withFigures(whole, () => 0),
  "averaged weights": averaged(whole),
  "a stop before the last epoch": withOptions(whole, { epochs: 30, earlyStopping: {} }),
  "weights that are no numbers": withWeights(whole, NaN),
  "weights that are all alike": withWeights(whole, 0),
  "distributions without a number": withHistograms(whole, (histogram) => ({
    ...histogram,
    low: 0,
    high: 0,
    counts: new Uint32Array(histogram.counts.length),
    infinite: 1000,
  })),
  "an end where everything is zero": withHistograms(
    whole,
    (histogram, moment) =>
      moment === 0 ? histogram : {
        ...histogram,
        low: 0,
        high: 0,
        counts: new Uint32Array(histogram.counts.length),
      },
  ),
  "a last hidden layer that is constant": constantEmbedding(whole),
  "a reduction": reduced(whole, [9, 4, 2, 1, 0.5, 0.1]),
  "a reduction of hundreds of components": reduced(whole, Array(300).fill(1)),
  "a reduction without variance": reduced(whole, [0, 0, 0]),
  "an ensemble": ensemble(whole),
};

/** Runs of all kinds by name; those that are made alike with and without what is observed on the way. */
export const kinds: Readonly<Record<string, RunRecord>> = {
  ...changed,
  ...Object.fromEntries(
    Object.entries(made).flatMap(([name, options]) => [
      [name, makeRecord({ ...options, observed: true })],
      [`${name}, not observed`, makeRecord(options)],
    ]),
  ),
};

function emptied(evaluation: Evaluation): Evaluation {
  const [rows, labels] = [new Uint32Array(), new Uint16Array()];
  return { ...evaluation, rows, labels, probabilities: new Float32Array(), loss: NaN };
}

function withValues(record: RunRecord, values: ObservedValues): RunRecord {
  return { ...record, observations: observationsOf(values) };
}

/** Without samples of the last class in a split. */
function withCounts(record: RunRecord, split: number): RunRecord {
  const { data, ...others } = valuesOf(record.observations);
  if (data === undefined) return record;
  const splits = data.splits.map((each, index) =>
    index === split ? { ...each, counts: each.counts.with(-1, 0) } : each
  );
  return withValues(record, { ...others, data: { ...data, splits } });
}

/** With other figures of the epochs, the steps and the evaluations. */
function withFigures(record: RunRecord, figureOf: (epoch: number) => number): RunRecord {
  const scoreOf = (epoch: number) => {
    const figure = figureOf(epoch);
    return { loss: figure, accuracy: Math.min(1, figure) };
  };
  const last = figureOf(record.epochs.length);
  const perEpoch = record.steps.loss.length / record.epochs.length;
  return {
    ...record,
    epochs: record.epochs.map((each): EpochRecord => ({
      ...each,
      train: scoreOf(each.epoch),
      validation: scoreOf(each.epoch),
    })),
    steps: {
      ...record.steps,
      loss: record.steps.loss.map((_, step) => figureOf(Math.floor(step / perEpoch) + 1)),
    },
    evaluations: record.evaluations.map((evaluation) => ({ ...evaluation, loss: last })),
  };
}

/** With means of the weights, scored within the epochs too. */
function averaged(record: RunRecord): RunRecord {
  const score = { loss: 0.25, accuracy: 0.9375 };
  return {
    ...record,
    epochs: record.epochs.map((each): EpochRecord => ({
      ...each,
      average: score,
      within: [{ step: each.step - 20, validation: score, average: score }],
    })),
    evaluations: record.evaluations.map((evaluation) => ({ ...evaluation, raw: score })),
  };
}

/** With other options of the training. */
function withOptions(record: RunRecord, options: object): RunRecord {
  const { pipeline, ...rest } = record.config as { readonly pipeline: readonly object[] };
  const stages = pipeline.map((stage) => "layers" in stage ? { ...stage, ...options } : stage);
  return { ...record, config: { ...rest, pipeline: stages } };
}

/** With the same weight everywhere. */
function withWeights(record: RunRecord, weight: number): RunRecord {
  const { first, ...others } = valuesOf(record.observations);
  if (first === undefined) return record;
  const weights = new Float32Array(first.shown * first.inputs).fill(weight);
  return withValues(record, { ...others, first: { ...first, before: weights, after: weights } });
}

/** With other distributions, each made of the one at a moment. */
function withHistograms(
  record: RunRecord,
  change: (histogram: Histogram, moment: number) => Histogram,
): RunRecord {
  const { distributions, ...others } = valuesOf(record.observations);
  if (distributions === undefined) return record;
  const series = distributions.series.map((each) => ({
    ...each,
    histograms: each.histograms.map(change),
  }));
  return withValues(record, { ...others, distributions: { ...distributions, series } });
}

function constantEmbedding(record: RunRecord): RunRecord {
  const { embedding, ...others } = valuesOf(record.observations);
  if (embedding === undefined) return record;
  const points = new Float32Array(embedding.points.length);
  const view = { ...embedding, points, variances: [0, 0] as const, variance: 0 };
  return withValues(record, { ...others, embedding: view });
}

function reduced(record: RunRecord, variances: readonly number[]): RunRecord {
  const kept = Math.ceil(variances.length / 2);
  return { ...record, reduction: { name: "pca", kept, variances: Float64Array.from(variances) } };
}

/** An ensemble of three, of which one was not asked about all splits. */
function ensemble({ observations, ...record }: RunRecord): RunRecord {
  const score = { accuracy: 0.9375, interval: [0.9, 0.97], loss: 0.25 } as const;
  const unknown = { accuracy: null, interval: null, loss: null };
  const scores = [{ test: score, validation: score }, { test: unknown }, { test: score }];
  const { data } = valuesOf(observations);
  return {
    ...record,
    ...(data === undefined ? {} : { observations: observationsOf({ data }) }),
    members: scores.map((each, index) => ({
      settings: [{ key: "seed", value: index + 1 }],
      run: `digits-${index}a3f9c21`,
      epochs: 5,
      scores: each,
    })),
  };
}
