/**
 * suspicious.jsonl: labels that may be wrong, found by {@linkcode suspiciousLabels}.
 *
 *     {"split":"test","row":17,"label":"4","suggested":"9","selfConfidence":0.01,"confidence":0.98}
 *
 * Each line is one sample; within a split, the least probable label comes first. Classes have their
 * names; rows count from 0 in the file that the split comes from.
 *
 * @module
 */
import { suspiciousLabels } from "../evaluate/suspicious_labels.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";

/** A sample whose label may be wrong, as a line of suspicious.jsonl. */
interface SuspiciousLine {
  readonly split: string;
  /** Row of the sample in the file that it comes from, from 0. */
  readonly row: number;
  /** Name of the class that the data set states. */
  readonly label: string;
  /** Name of the class that the network suggests. */
  readonly suggested: string;
  /** Probability of the stated class. */
  readonly selfConfidence: number;
  /** Probability of the suggested class. */
  readonly confidence: number;
}

/**
 * Returns the lines of suspicious.jsonl for the samples whose labels may be wrong, in the order of the
 * evaluations. `classes` has the name of each class by its label.
 */
export function suspiciousLines(
  evaluations: readonly Evaluation[],
  classes: readonly string[],
): readonly SuspiciousLine[] {
  return evaluations.flatMap((evaluation) =>
    suspiciousLabels(evaluation, classes.length).map((found) => ({
      split: evaluation.split,
      row: found.row,
      label: classes[found.label],
      suggested: classes[found.suggested],
      selfConfidence: found.selfConfidence,
      confidence: found.confidence,
    }))
  );
}
