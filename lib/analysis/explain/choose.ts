import type { NamedSplit } from "../../data/split/samples.ts";
import { formatCount } from "../../format/numbers.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import { formatSplit } from "../../report/result.ts";

/** Returns a row if a split has it. */
export function expectRow({ name, split: { rows } }: NamedSplit, row: number): number {
  if (rows.includes(row)) return row;
  const near = rows.reduce((best, each) =>
    Math.abs(each - row) < Math.abs(best - row) ? each : best
  );
  throw new RangeError(
    `Cannot explain row ${row}: expected one of the ${formatCount(rows.length)} rows of the ` +
      `${formatSplit(name)} split, ${rows[0]} to ${rows.at(-1)}: the nearest is ${near}`,
  );
}

/** Returns the row of the sample whose class has the k-th lowest probability, from 1; equals by their rows. */
export function worstRow(
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
