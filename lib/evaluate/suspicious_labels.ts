/**
 * Finds labels that may be wrong, by confident learning (Northcutt, Jiang and Chuang, "Confident learning:
 * estimating uncertainty in dataset labels", JAIR 70, 2021, section 3.1).
 *
 * The threshold of a class is the mean of its probability over the samples that are labelled with it (eq. 2). The
 * suggested class of a sample is the most probable of the classes whose probability is at least their threshold
 * (eq. 1). If it differs from the label, the label is suspicious.
 *
 *   t[c] = mean of p[i, c] over the samples i with label c
 *   suggested(i) = argmax of p[i, c] over the classes with p[i, c] ≥ t[c]
 *
 * The probabilities must come from a network that was not trained on these labels: those of a held-out split, or of
 * a cross-validation. Unlike in the paper, all suspicious labels are listed, not only the estimated number of wrong
 * ones.
 *
 * @module
 */
import { assertPredictions } from "./predictions.ts";
import type { Evaluation } from "./evaluation.ts";

/** A sample whose label may be wrong. */
export interface SuspiciousLabel {
  /** Index of the sample in the evaluation's arrays. */
  readonly index: number;
  /** Row of the sample in its file. */
  readonly row: number;
  /** Index of the labelled class. */
  readonly label: number;
  /** Index of the suggested class. */
  readonly suggested: number;
  /** Probability of the labelled class, the "self-confidence". */
  readonly selfConfidence: number;
  /** Probability of the suggested class. */
  readonly confidence: number;
}

/**
 * Lists the samples with suspicious labels, those with the least probable labels first, then by row.
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

/** Returns the mean probability of each class over the samples labelled with it; NaN if there are none. */
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

/**
 * Returns the index of the most probable class whose probability is at least the threshold of this class, the first
 * one of equals. Returns undefined if there is no such class.
 *
 * @param row a sample's probability of each class
 * @param thresholds threshold of each class; NaN for a class without one
 */
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
