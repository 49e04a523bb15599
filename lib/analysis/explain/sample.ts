import type { Samples, Split } from "../../data/dataset.ts";
import { preprocessedFor } from "../../data/prepare/prepare.ts";
import type { Preparation } from "../../data/prepare/mod.ts";
import {
  copyFeatures,
  type NamedSplit,
  type SplitName,
  unpreparedSplit,
} from "../../data/split/samples.ts";
import { evaluate } from "../../engine/reference/reference.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatSplit } from "../../report/result.ts";
import { input, sizeOf } from "../../tensor/mod.ts";
import type { LoadedModel } from "../../train/inference/model.ts";
import type { BatchResult } from "./batch.ts";
import type { Update } from "./update.ts";
import { normalizationInputs, normalizedRows } from "../../train/step/batch.ts";
import { storeSplitFeatures } from "../../train/programs.ts";

/** A sample to explain, with the network that classifies it, and the names of both. */
export interface Subject {
  /** Name of the config. */
  readonly title: string;
  /** Description of the moment at which the network had its weights: "first weights". */
  readonly weights: string;
  readonly model: LoadedModel;
  /** Description of the loss. */
  readonly lossNote: string;
  /** Update by the gradient of the sample. */
  readonly update: Update;
  readonly split: SplitName;
  /** Row of the sample in its file. */
  readonly row: number;
  /** A set of samples that has only this one, after the network's image preparation. */
  readonly sample: Samples;
  /** Loss and gradient norm of the first batch; undefined for a network after training. */
  readonly batch?: BatchResult | undefined;
}

/** Returns one row of a split as a set of one sample, after the image preparation of a network. */
export function preprocessedSample(split: Split, row: number, preparation?: Preparation): Samples {
  const { samples } = unpreparedSplit(split);
  const { shape, labels } = samples;
  const values = copyFeatures({ samples, rows: split.rows }, [row]);
  const one = { count: 1, shape, values, labels: Uint16Array.of(labels[row]) };
  return preprocessedFor(preparation, { samples: one, rows: Uint32Array.of(0) }).samples;
}

/** Computes the inputs of a network from the raw features of one sample, in double precision [inputs]. */
export function computeNetworkInput(
  { normalization, shape, encoding }: LoadedModel,
  sample: Samples,
): Float64Array<ArrayBuffer> {
  const split = { samples: sample, rows: Uint32Array.of(0) };
  const { source, sources } = storeSplitFeatures(split, normalization, { encoding });
  const { x } = normalizedRows({ source, normalization }, input("rows", [1], "integer"));
  const constants = Object.fromEntries(normalizationInputs(normalization, sizeOf(shape)));
  const [elements] = evaluate([x], { inputs: { rows: [0], ...constants }, sources }, "f64");
  return Float64Array.from(elements);
}

/** Returns a row of a split. Throws a RangeError that names the nearest row if the split does not have it. */
export function requireRow({ name, split: { rows } }: NamedSplit, row: number): number {
  if (rows.includes(row)) return row;
  const near = rows.reduce((best, each) =>
    Math.abs(each - row) < Math.abs(best - row) ? each : best
  );
  throw new RangeError(
    `Cannot explain row ${row}: expected one of the ${formatCount(rows.length)} rows of the ` +
      `${formatSplit(name)} split, ${rows[0]} to ${rows.at(-1)}: the nearest is ${near}`,
  );
}

/** Returns the row of the sample whose true class has the k-th lowest probability; k counts from 1. */
export function rowByLowestProbability(
  { split, rows, labels, probabilities }: Evaluation,
  { k, classes }: { readonly k: number; readonly classes: number },
): number {
  if (k > rows.length) {
    throw new RangeError(
      `Cannot explain sample ${k} from the worst: expected 1 to ${rows.length}, the number of ` +
        `${formatSplit(split)} samples`,
    );
  }
  const ofClass = (sample: number) => probabilities[sample * classes + labels[sample]];
  const order = Array.from(rows.keys()).sort((a, b) => ofClass(a) - ofClass(b) || a - b);
  return rows[order[k - 1]];
}
