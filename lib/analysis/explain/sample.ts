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

/** A sample to explain, the network that classifies it, and their names for titles. */
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
  /** Row of the sample in the file of its split. */
  readonly row: number;
  /** The sample as a set of one, after the network's image preparation and before its normalization. */
  readonly sample: Samples;
  /** Mean loss and gradient norm of the first batch of training; undefined for a network after training. */
  readonly batch?: BatchResult | undefined;
}

/**
 * Returns one sample of a split as a set of samples, after the image preparation of a network.
 *
 * @param row row of the sample in the file of the split
 * @param preparation preparation with which the network was trained. Defaults to none.
 */
export function preprocessedSample(split: Split, row: number, preparation?: Preparation): Samples {
  const { samples } = unpreparedSplit(split);
  const { shape, labels } = samples;
  const values = copyFeatures({ samples, rows: split.rows }, [row]);
  const one = { count: 1, shape, values, labels: Uint16Array.of(labels[row]) };
  return preprocessedFor(preparation, { samples: one, rows: Uint32Array.of(0) }).samples;
}

/**
 * Computes the input of a network from the raw features of a sample: normalized features [inputs], in double
 * precision.
 *
 * @param sample a set that has only the sample
 */
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

/**
 * Returns `row` if a split has a sample in this row of its file.
 *
 * @throws {RangeError} if not; the message has the nearest row of the split
 */
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

/**
 * Returns the row, in the split's file, of the sample whose true class has the k-th lowest probability of all
 * evaluated samples.
 *
 * @param k rank of the sample, from 1 for the lowest probability
 * @param classes number of classes
 * @throws {RangeError} if fewer than k samples were evaluated
 */
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
