import { type Cell, heatMap } from "deno-plot-svg";
import type { ClassScores } from "../../evaluate/mod.ts";
import { formatCount, formatFixed } from "../../format/numbers.ts";
import { formatPercent, UNITLESS } from "../../format/percent.ts";
import type { Panel } from "../../report/panel.ts";
import { formatSplit } from "../../report/result.ts";
import type { Comparison } from "./comparison.ts";
import { formatMissingRuns, runLetter } from "./letters.ts";
import { formatSignedPercent } from "./tables.ts";

/** A row of the heat map: the index of a run in the comparison, and its scores for each class. */
interface RecallRow {
  readonly runIndex: number;
  readonly scores: readonly ClassScores[];
}

/**
 * Returns the panel with the recall of each class by the first run, and the differences of the other runs from
 * it. Returns undefined if fewer than two evaluated runs have the same data and classes.
 */
export function recallPanel(comparison: Comparison): Panel | undefined {
  const { runs, split } = comparison;
  const rows = comparableRuns(comparison);
  const [first, ...others] = rows;
  if (split === undefined || others.length === 0) return undefined;
  const { classes } = runs[first.runIndex].record;
  const reference = runLetter(first.runIndex);
  const largest = Math.max(
    ...others.flatMap(({ scores }) =>
      scores.map((score, index) => Math.abs(recallDifference(score, first.scores[index]) ?? 0))
    ),
  );
  return {
    title: "Recall by class",
    caption:
      `Recall of each class on ${
        formatSplit(split)
      } samples: of run ${reference} in %, and of the other runs as differences from ` +
      `${reference} in percentage points. Blue: higher than ${reference}; orange: lower` +
      (largest === 0 ? "." : `; at most by ${formatFixed(100 * largest, 1)}.`) +
      formatMissingRuns(comparison, rows.map(({ runIndex }) => runIndex)),
    span: 3,
    draw: (width) =>
      heatMap({
        width,
        widest: 96,
        highest: 34,
        rowTitle: "run",
        columnTitle: "true class",
        rows: rows.map(({ runIndex }) =>
          runIndex === first.runIndex ? reference : `${runLetter(runIndex)} − ${reference}`
        ),
        columns: classes,
        cell: (row, column) => heatMapCell(rows, [row, column], { largest, name: classes[column] }),
      }),
  };
}

/**
 * Returns the scores of the runs that were evaluated, and whose data and classes equal those of the first such
 * run.
 */
function comparableRuns({ runs, summaries }: Comparison): readonly RecallRow[] {
  const found = runs.flatMap(({ record, data }, runIndex) => {
    const summary = summaries[runIndex];
    if (summary === undefined) return [];
    return [{ runIndex, scores: summary.classes, of: JSON.stringify([data, record.classes]) }];
  });
  return found.filter(({ of }) => of === found[0].of);
}

/**
 * Returns the recall of a class minus that of the reference; undefined if either run has no samples of the
 * class.
 */
function recallDifference(score: ClassScores, reference: ClassScores): number | undefined {
  const [own, other] = [score.recall, reference.recall];
  return own === null || other === null ? undefined : own - other;
}

/**
 * Returns the cell of a run (row) and a class (column) in the heat map. The strength of its colour grows with
 * the difference from the recall of the first run.
 *
 * @param largest largest magnitude of the differences, which has the strongest colour
 * @param name name of the class
 */
function heatMapCell(
  rows: readonly RecallRow[],
  [row, column]: readonly [number, number],
  { largest, name }: { readonly largest: number; readonly name: string },
): Cell {
  const { runIndex, scores } = rows[row];
  const score = scores[column];
  if (score.recall === null) return { strength: 0 };
  const share = formatPercent(score.recall);
  const title = `${name} by ${runLetter(runIndex)}: ${share} of ${formatCount(score.support)}`;
  if (row === 0) return { strength: 0, label: formatPercent(score.recall, 1, UNITLESS), title };
  const difference = recallDifference(score, rows[0].scores[column]);
  if (difference === undefined) return { strength: 0, title };
  return {
    // the square root keeps small differences visible beside the largest
    strength: difference === 0 ? 0 : Math.sqrt(Math.abs(difference) / largest),
    tone: difference > 0 ? "blue" : "orange",
    label: formatSignedPercent(difference, 1),
    title: `${title}: ${formatSignedPercent(difference)} points`,
  };
}
