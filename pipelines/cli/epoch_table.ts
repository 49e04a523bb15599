/**
 * The table of epochs that a training prints row by row while it runs.
 *
 * @module
 */
import { formatLoss, formatNumber } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { NONE } from "../../lib/format/text_table.ts";
import type { Score } from "../../lib/evaluate/evaluation.ts";
import type { EpochRecord } from "../../lib/run/record.ts";

/**
 * Kind of an epoch's score: on the mini-batches of training, on the validation split, or on the validation
 * split with averaged weights.
 */
type ScoreKind = "train" | "validation" | "average";

/** Heading of the column with the loss of each kind of score; the column of the accuracy follows it. */
const HEADINGS: Readonly<Record<ScoreKind, string>> = {
  train: "train loss",
  validation: "validation loss",
  average: "averaged loss",
};

/** Smallest width [characters] of a column of losses: "95.2635". */
const LOSS = 7;

/** Width [characters] of a column of accuracies: "100.00 %". */
const ACCURACY = 8;

/** Width [characters] of the column of learning rates: "0.00000123". */
const RATE = 10;

/** The format of a table that is printed row by row. */
export interface EpochTable {
  /** Line with the headings of the columns. */
  readonly heading: string;
  /** Formats the row of an epoch as one line. */
  row(record: EpochRecord): string;
}

/**
 * Returns the epoch table of a training.
 *
 * @param scored kinds of scores with columns, besides the scores on mini-batches
 */
export function epochTable(scored: readonly Exclude<ScoreKind, "train">[]): EpochTable {
  const all: readonly ScoreKind[] = ["train", ...scored];
  const cells = (texts: readonly (readonly [text: string, width: number])[]) =>
    texts.map(([text, width]) => text.padStart(width)).join("  ");
  const widths = (name: ScoreKind) => Math.max(LOSS, HEADINGS[name].length);
  const scoreCells = (name: ScoreKind, score: Score | undefined) =>
    [
      [score === undefined ? NONE : formatLoss(score.loss), widths(name)],
      [score === undefined ? NONE : formatPercent(score.accuracy, 2, PLAIN), ACCURACY],
    ] as const;
  return {
    heading: cells([
      ["epoch", 5],
      ...all.flatMap((name) => [[HEADINGS[name], widths(name)], ["accuracy", ACCURACY]] as const),
      ["rate", RATE],
    ]),
    row: (record) =>
      cells([
        [String(record.epoch), 5],
        ...all.flatMap((name) => scoreCells(name, record[name])),
        [formatRate(record.learningRate), RATE],
      ]),
  };
}

/**
 * Formats a learning rate with three significant digits and without an exponent: "0.00497", "990". A rate
 * between 0 and 1e-6 is "< 0.000001".
 */
export function formatRate(rate: number): string {
  return rate > 0 && rate < 1e-6 ? "< 0.000001" : formatNumber(rate, 3);
}
