import { type Figure, row, table } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import {
  type ClassScores,
  type Interval,
  type Scores,
  summarize,
  type Summary,
} from "../../evaluate/mod.ts";
import type { RunRecord } from "../../run/record.ts";
import { COLUMN, FEW_CLASSES, GUTTER, MOST_CLASSES } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { mainEvaluation } from "../result.ts";
import { formatInterval, formatPercent, UNITLESS } from "../../format/percent.ts";
import { NONE } from "../../format/text_table.ts";
import { defined } from "../../config/defined.ts";

/** Returns the panel with precision, recall and F1 of each class. */
export function classes(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const { classes, macro, samples } = summarize(evaluation, record.classes);
  const rows = worstClasses(classes).map(classRow);
  const footer = ["mean", ...formatScores(macro), formatCount(samples)];
  const many = classes.length > FEW_CLASSES;
  return {
    title: "Metrics by class",
    caption:
      (rows.length === classes.length
        ? ""
        : `Shown are the ${rows.length} classes with the smallest F1, of ` +
          `${formatCount(classes.length)} classes. `) +
      "Precision and recall with 95\u00a0% intervals, and F1, their harmonic mean; all in %.",
    span: many ? 3 : 1,
    draw: () => many ? drawThreeTables(rows, footer) : drawClassTable(rows, footer),
  };
}

/**
 * Returns the metrics of all classes, in order. If there are more than 100, returns the 100 classes with the
 * smallest F1, sorted by F1.
 */
function worstClasses(classes: Summary["classes"]): Summary["classes"] {
  if (classes.length <= MOST_CLASSES) return classes;
  const rank = ({ f1 }: Scores) => f1 ?? 2; // after all classes that occur or are predicted
  return classes.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_CLASSES);
}

/** Texts of a row of the table, and the smaller texts below them. */
interface ClassRow {
  readonly texts: readonly string[];
  readonly notes: readonly string[];
}

/** Formats the metrics of a class, with the intervals of precision and recall below them. */
function classRow(
  { name, support, precisionInterval, recallInterval, ...scores }: ClassScores & {
    readonly name: string;
  },
): ClassRow {
  return {
    texts: [name, ...formatScores(scores), formatCount(support)],
    notes: ["", formatIntervalEnds(precisionInterval), formatIntervalEnds(recallInterval), "", ""],
  };
}

/** Formats the ends of an interval in percent without the unit; empty if there is none. */
function formatIntervalEnds(interval: Interval | null): string {
  return interval === null ? "" : formatInterval(interval, 1, UNITLESS);
}

/** Formats precision, recall and F1 in percent without the unit; a dash for an undefined one. */
function formatScores({ precision, recall, f1 }: Scores): readonly string[] {
  return [precision, recall, f1].map((score) =>
    score === null ? NONE : formatPercent(score, 2, UNITLESS)
  );
}

/** Draws one table of classes, with a footer if there is one. */
function drawClassTable(rows: readonly ClassRow[], footer?: readonly string[]): Figure {
  return table({
    width: COLUMN,
    columns: [
      { title: "class", align: "left" },
      { title: "precision" },
      { title: "recall" },
      { title: "F1" },
      { title: "samples" },
    ],
    rows: rows.map(({ texts }) => texts),
    notes: rows.map(({ notes }) => notes),
    ...defined({ footer }),
  });
}

/** Draws the rows as three tables side by side, filled one after the other, the last with the footer. */
function drawThreeTables(rows: readonly ClassRow[], footer: readonly string[]): Figure {
  const size = Math.ceil((rows.length + 1) / 3);
  return row(
    [
      drawClassTable(rows.slice(0, size)),
      drawClassTable(rows.slice(size, 2 * size)),
      drawClassTable(rows.slice(2 * size), footer),
    ],
    { gap: GUTTER },
  );
}
