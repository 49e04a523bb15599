/**
 * Finds labels that may be wrong, by confident learning (Northcutt, Jiang and Chuang, "Confident learning:
 * estimating uncertainty in dataset labels", JAIR 70, 2021, section 3.1).
 *
 * The threshold of a class is its mean probability over the samples with its label (eq. 2). A sample is
 * assigned to the most probable of the classes whose threshold it reaches (eq. 1); if that differs from its
 * label, the label is suspicious.
 *
 *   t[c] = mean of p[i, c] over the samples i with label c
 *   suggested(i) = argmax of p[i, c] over the classes with p[i, c] ≥ t[c]
 *
 * The probabilities must come from a network that was not trained on these labels: on a held-out split, or by
 * cross-validation. Unlike in the paper, the list is ranked and not cut to the estimated number of wrong
 * labels.
 *
 * @module
 */
import { assertPredictions } from "./predictions.ts";
import type { Evaluation } from "./evaluation.ts";

/** A sample whose label may be wrong. */
export interface SuspiciousLabel {
  /** Position of the sample in the evaluation. */
  readonly index: number;
  /** Row of the sample in its file. */
  readonly row: number;
  /** Label of the sample. */
  readonly label: number;
  /** Suggested class. */
  readonly suggested: number;
  /** Probability of the label, the "self-confidence". */
  readonly selfConfidence: number;
  /** Probability of the suggested class. */
  readonly confidence: number;
}

/**
 * Returns the suspicious labels, least probable first, then by row.
 *
 * @throws {TypeError} if the lengths of the evaluation's arrays are inconsistent
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function suspiciousLabels(
  evaluation: Evaluation,
  classes: number,
): readonly SuspiciousLabel[] {
  assertPredictions("look for wrong labels", evaluation, classes);
  const { labels, rows, probabilities } = evaluation;
  if (rows.length !== labels.length) {
    throw new TypeError(
      `Cannot look for wrong labels: expected ${labels.length} rows: received ${rows.length}`,
    );
  }
  const thresholds = classThresholds(evaluation, classes);
  const found: SuspiciousLabel[] = [];
  labels.forEach((label, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    const suggested = confidentClass(row, thresholds);
    if (suggested === undefined || suggested === label) return;
    found.push({
      index,
      row: rows[index],
      label,
      suggested,
      selfConfidence: row[label],
      confidence: row[suggested],
    });
  });
  return found.sort((a, b) => a.selfConfidence - b.selfConfidence || a.row - b.row);
}

/** Returns the mean probability of each class over the samples with its label; NaN without samples. */
function classThresholds(
  { labels, probabilities }: Evaluation,
  classes: number,
): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  labels.forEach((label, index) => {
    sums[label] = sums[label] + probabilities[index * classes + label];
    counts[label] = counts[label] + 1;
  });
  return sums.map((sum, label) => sum / counts[label]);
}

/** Returns the most probable class that reaches its threshold, the first of equals; undefined if none does. */
function confidentClass(
  row: Float32Array<ArrayBuffer>,
  thresholds: Float64Array<ArrayBuffer>,
): number | undefined {
  let best: number | undefined;
  row.forEach((probability, column) => {
    if (!(probability >= thresholds[column])) return; // NaN: no sample has the label
    if (best === undefined || probability > row[best]) best = column;
  });
  return best;
}
