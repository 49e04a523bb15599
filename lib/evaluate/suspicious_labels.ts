/**
 * Labels that may be wrong, by confident learning (Northcutt, Jiang and Chuang, "Confident learning:
 * estimating uncertainty in dataset labels", JAIR 70, 2021, section 3.1).
 *
 * A class has its own threshold: how sure the network is of it, on the average over the samples that
 * bear its label (eq. 2). A sample is counted for the most probable of the classes whose threshold it
 * reaches (eq. 1); if that is not the class of its label, one of the two is wrong.
 *
 *   t[c] = mean of p[i, c] over the samples i with label c
 *   suggested(i) = argmax of p[i, c] over the classes with p[i, c] ≥ t[c]
 *
 * The probabilities must come from a network that has not learned from these labels: of a held-out
 * split, or by cross-validation. Unlike the paper's, the list is not cut to the estimated number of
 * wrong labels; it is ranked, so a reader stops where it suits.
 *
 * @module
 */
import { assertPredictions } from "./predictions.ts";
import type { Evaluation } from "./evaluation.ts";

/** A sample whose label may be wrong. */
export interface SuspiciousLabel {
  /** Position of the sample in the evaluation. */
  readonly index: number;
  /** Row of the sample in the file it came from. */
  readonly row: number;
  /** Class that the sample is labelled as. */
  readonly label: number;
  /** Class that it is counted for. */
  readonly suggested: number;
  /** Probability of the class that it is labelled as, the "self-confidence". */
  readonly selfConfidence: number;
  /** Probability of the class that it is counted for. */
  readonly confidence: number;
}

/**
 * The labels that may be wrong, the least probable label first; of equals the lower row first.
 *
 * @throws {TypeError} if the evaluation's arrays do not fit together
 * @throws {RangeError} if a label is not a class or a probability is no number
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

/** Mean probability of each class over the samples labelled as it; NaN for one without samples. */
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

/** The most probable class that reaches its threshold, the first of equals; undefined if none does. */
function confidentClass(
  row: Float32Array<ArrayBuffer>,
  thresholds: Float64Array<ArrayBuffer>,
): number | undefined {
  let best: number | undefined;
  row.forEach((probability, column) => {
    if (!(probability >= thresholds[column])) return; // NaN: no sample bears the label
    if (best === undefined || probability > row[best]) best = column;
  });
  return best;
}
