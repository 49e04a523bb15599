import { type Cell, heatMap } from "deno-plot-svg";
import type { ClassScores } from "../../evaluate/mod.ts";
import { formatCount, formatFixed } from "../../format/numbers.ts";
import { formatPercent, UNITLESS } from "../../format/percent.ts";
import type { Panel } from "../../report/panel.ts";
import { formatSplit } from "../../report/result.ts";
import type { Comparison } from "./comparison.ts";
import { formatOmitted, letterOf } from "./letters.ts";
import { signedPercent } from "./tables.ts";

/** A run with the same classes as the first. */
interface Row {
  readonly place: number;
  readonly scores: readonly ClassScores[];
}

/** Draws the recall of each class of the first run, and the differences of the others. */
export function recall(comparison: Comparison): Panel | undefined {
  const { runs, split } = comparison;
  const rows = rowsOf(comparison);
  const [first, ...others] = rows;
  if (split === undefined || others.length === 0) return undefined;
  const { classes } = runs[first.place].record;
  const reference = letterOf(first.place);
  const largest = Math.max(
    ...others.flatMap(({ scores }) =>
      scores.map((score, index) => Math.abs(differenceOf(score, first.scores[index]) ?? 0))
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
      formatOmitted(comparison, rows.map(({ place }) => place)),
    span: 3,
    draw: (width) =>
      heatMap({
        width,
        widest: 96,
        highest: 34,
        rowTitle: "run",
        columnTitle: "true class",
        rows: rows.map(({ place }) =>
          place === first.place ? reference : `${letterOf(place)} − ${reference}`
        ),
        columns: classes,
        cell: (row, column) => cellOf(rows, [row, column], { largest, name: classes[column] }),
      }),
  };
}

/** Returns the evaluated runs that have the data and classes of the first of them. */
function rowsOf({ runs, summaries }: Comparison): readonly Row[] {
  const found = runs.flatMap(({ record, data }, place) => {
    const summary = summaries[place];
    if (summary === undefined) return [];
    return [{ place, scores: summary.classes, of: JSON.stringify([data, record.classes]) }];
  });
  return found.filter(({ of }) => of === found[0].of);
}

/** Returns recall minus that of the reference; undefined if one of them has no samples of the class. */
function differenceOf(score: ClassScores, reference: ClassScores): number | undefined {
  const [own, other] = [score.recall, reference.recall];
  return own === null || other === null ? undefined : own - other;
}

/** Returns the cell of a run and class; the largest difference has the strongest colour. */
function cellOf(
  rows: readonly Row[],
  [row, column]: readonly [number, number],
  { largest, name }: { readonly largest: number; readonly name: string },
): Cell {
  const { place, scores } = rows[row];
  const score = scores[column];
  if (score.recall === null) return { strength: 0 };
  const share = formatPercent(score.recall);
  const title = `${name} by ${letterOf(place)}: ${share} of ${formatCount(score.support)}`;
  if (row === 0) return { strength: 0, label: formatPercent(score.recall, 1, UNITLESS), title };
  const difference = differenceOf(score, rows[0].scores[column]);
  if (difference === undefined) return { strength: 0, title };
  return {
    // the square root keeps small differences visible beside the largest
    strength: difference === 0 ? 0 : Math.sqrt(Math.abs(difference) / largest),
    tone: difference > 0 ? "blue" : "orange",
    label: signedPercent(difference, 1),
    title: `${title}: ${signedPercent(difference)} points`,
  };
}
