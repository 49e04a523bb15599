/**
 * suspicious.jsonl: the labels that may be wrong, as {@linkcode suspiciousLabels} finds them.
 *
 *     {"split":"test","row":17,"label":"4","suggested":"9","selfConfidence":0.01,"confidence":0.98}
 *
 * A line for each, the least probable label of a split first; classes by their names. The row is that in
 * the file that the split comes from, counted from 0.
 *
 * @module
 */
import { suspiciousLabels } from "../evaluate/suspicious_labels.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";

interface SuspiciousLine {
  readonly split: string;
  /** Row of the sample in the file that the split comes from. */
  readonly row: number;
  readonly label: string;
  readonly suggested: string;
  readonly selfConfidence: number;
  readonly confidence: number;
}

/** The lines for some evaluations, in their order; classes in the order of the labels. */
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
