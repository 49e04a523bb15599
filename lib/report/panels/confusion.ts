import { type Cell, heatMap } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type Confusion, confusionMatrix, predictedClasses } from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import { FEW_CLASSES } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { mainEvaluation, partWords } from "../result.ts";

export function confusion({ classes, ...record }: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation({ classes, ...record });
  if (evaluation === undefined) return undefined;
  const { labels, probabilities, part } = evaluation;
  const shape = { samples: labels.length, classes: classes.length };
  const predicted = predictedClasses(probabilities, shape);
  const confusion = confusionMatrix(labels, predicted, classes.length);
  const largest = largestMistakenShare(confusion);
  return {
    title: "Confusion matrix",
    caption: `Counts of ${partWords(part)} samples by true class (row) and predicted ` +
      "class (column). Blue: right. " +
      (largest === 0
        ? "There are no mistakes."
        : `Orange: mistakes, by their share of the true class, ${formatPercent(largest)} at most.`),
    span: classes.length > FEW_CLASSES ? 3 : 2,
    draw: (width) =>
      heatMap({
        width,
        rowTitle: "true class",
        columnTitle: "predicted class",
        rows: classes,
        columns: classes,
        cell: (row, column) => cellOf({ confusion, classes, largest }, row, column),
      }),
  };
}

function cellOf(
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
  const share = count / supportOf(confusion, row);
  const title = `true ${classes[row]}, predicted ${classes[column]}: ${formatCount(count)} of ` +
    `${formatCount(supportOf(confusion, row))} (${formatPercent(share)})`;
  const label = formatCount(count);
  if (row === column) return { strength: 0.75 * share, tone: "blue", label, title };
  // the square root keeps single mistakes visible beside the most frequent mix-up
  return { strength: Math.sqrt(share / largest), tone: "orange", label, title };
}

function largestMistakenShare(confusion: Confusion): number {
  return Math.max(
    0,
    ...confusion.map((counts, row) => {
      const mistaken = Math.max(0, ...counts.filter((_, column) => column !== row));
      return mistaken === 0 ? 0 : mistaken / supportOf(confusion, row);
    }),
  );
}

function supportOf(confusion: Confusion, row: number): number {
  return (confusion[row] ?? []).reduce((sum, count) => sum + count, 0);
}
