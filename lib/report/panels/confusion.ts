import { barList, type Cell, extent, heatMap, row } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import {
  confusedPairs,
  type Confusion,
  confusionMatrix,
  predictedClasses,
} from "../../evaluate/mod.ts";
import type { Evaluation } from "../../evaluate/evaluation.ts";
import type { RunRecord } from "../../run/record.ts";
import { splitIntoChunks } from "../chunks.ts";
import { COLUMN, FEW_CLASSES, GUTTER, MOST_CLASSES } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { formatSplit, mainEvaluation } from "../result.ts";

/** Largest number of pairs of classes that are listed instead of a matrix with too many cells. */
const MOST_PAIRS = 60;

/**
 * Returns the panel with the confusion matrix of a run, or a list of confused pairs if there are many
 * classes.
 */
export function confusion({ classes, ...record }: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation({ classes, ...record });
  if (evaluation === undefined) return undefined;
  if (classes.length > MOST_CLASSES) return confusedPairsPanel(evaluation, classes);
  const { labels, probabilities, split } = evaluation;
  const shape = { samples: labels.length, classes: classes.length };
  const predicted = predictedClasses(probabilities, shape);
  const confusion = confusionMatrix(labels, predicted, classes.length);
  const largest = largestMistakenShare(confusion);
  return {
    title: "Confusion matrix",
    caption: `Number of ${formatSplit(split)} samples by true class (row) and predicted ` +
      "class (column). Blue: correct" +
      (largest === 0
        ? "; there are no mistakes."
        : "; orange: mistakes, the stronger the larger their share of the true class's samples. " +
          `The largest share, ${formatPercent(largest)}, has the strongest colour.`),
    span: classes.length > FEW_CLASSES ? 3 : 2,
    draw: (width) =>
      heatMap({
        width,
        rowTitle: "true class",
        columnTitle: "predicted class",
        rows: classes,
        columns: classes,
        cell: (row, column) => confusionCell({ confusion, classes, largest }, row, column),
      }),
  };
}

/** Returns a panel that lists the most frequent pairs of a true class and a wrong prediction. */
function confusedPairsPanel(
  { labels, probabilities, split }: Evaluation,
  classes: readonly string[],
): Panel {
  const shape = { samples: labels.length, classes: classes.length };
  const predicted = predictedClasses(probabilities, shape);
  const pairs = confusedPairs(labels, predicted, classes.length);
  const support = new Uint32Array(classes.length);
  for (const label of labels) support[label]++;
  const items = pairs.slice(0, MOST_PAIRS).map(({ label, predicted, count }) => ({
    name: `${classes[label]} → ${classes[predicted]}`,
    value: count,
    label: `${formatCount(count)} of ${formatCount(support[label])}`,
    tone: "orange" as const,
    title: `true ${classes[label]}, predicted ${classes[predicted]}: ${formatCount(count)} of ` +
      `${formatCount(support[label])} (${formatPercent(count / support[label])})`,
  }));
  const shown = items.length === pairs.length ? "all" : `the ${MOST_PAIRS} most frequent of`;
  return {
    title: "Confused classes",
    caption:
      `Mistakes by true class → predicted class: number of ${
        formatSplit(split)
      } samples, out of all ` +
      `${formatSplit(split)} samples of the true class. Shown are ${shown} ` +
      `${formatCount(pairs.length)} pairs of classes.`,
    span: 3,
    draw: () =>
      row(
        splitIntoChunks(items, Math.max(1, Math.ceil(items.length / 3))).map((list) =>
          barList({ width: COLUMN, items: list, most: pairs[0].count, longestName: COLUMN / 2 })
        ),
        { gap: GUTTER },
      ),
  };
}

/**
 * Returns the drawn cell of the confusion matrix for a true class (row) and a predicted class (column).
 * `largest` is the largest mistaken share, which has the strongest colour.
 */
function confusionCell(
  { confusion, classes, largest }: {
    readonly confusion: Confusion;
    readonly classes: readonly string[];
    readonly largest: number;
  },
  row: number,
  column: number,
): Cell {
  const count = confusion[row]?.[column] ?? 0;
  if (count === 0) return { strength: 0 };
  const share = count / countTrueClass(confusion, row);
  const title = `true ${classes[row]}, predicted ${classes[column]}: ${formatCount(count)} of ` +
    `${formatCount(countTrueClass(confusion, row))} (${formatPercent(share)})`;
  const label = formatCount(count);
  if (row === column) return { strength: 0.75 * share, tone: "blue", label, title };
  // the square root keeps single mistakes visible beside the most frequent mix-up
  return { strength: Math.sqrt(share / largest), tone: "orange", label, title };
}

/** Returns the largest share of a true class's samples that are predicted as one other class, 0 to 1. */
function largestMistakenShare(confusion: Confusion): number {
  const shares = confusion.map((counts, row) => {
    const [, mistaken] = extent(counts.filter((_, column) => column !== row)) ?? [0, 0];
    return mistaken === 0 ? 0 : mistaken / countTrueClass(confusion, row);
  });
  return extent(shares)?.[1] ?? 0;
}

/** Returns the number of samples of a true class: the sum of its row in the confusion matrix. */
function countTrueClass(confusion: Confusion, row: number): number {
  return (confusion[row] ?? []).reduce((sum, count) => sum + count, 0);
}
