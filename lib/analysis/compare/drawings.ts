/**
 * Draws a comparison of runs as an SVG file: options, curves, costs, significance tests and disagreements. The
 * file has the same bytes on every machine. Times differ between machines and are in a separate file: see
 * `environment.ts`.
 *
 * @module
 */
import { column, table, textWidth } from "deno-plot-svg";
import { defined } from "../../config/defined.ts";
import { foldTable } from "../../format/fold_table.ts";
import type { TextTable } from "../../format/text_table.ts";
import { type Drawings, type NamedPanels, panelDrawings } from "../../report/charts.ts";
import type { Panel } from "../../report/panel.ts";
import { SPLIT_COLUMNS } from "../../report/runs/table.ts";
import type { Gallery } from "../../run/record.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { parametersPanel } from "./cost.ts";
import { accuracyCurvesPanel, lossCurvesPanel } from "./curves.ts";
import { disagreementPanels } from "./disagreement_panels.ts";
import type { Disagreements } from "./disagreements.ts";
import { comparisonHeader, comparisonTitle, formatResult } from "./header.ts";
import { FEW } from "./letters.ts";
import { parallelPanel } from "./parallel.ts";
import { recallPanel } from "./recall.ts";
import {
  ADJUSTED_CAPTION,
  BEST_CAPTION,
  differencesTable,
  letteredRunsTable,
  PAIRS_CAPTION,
  pairsTable,
  runsAndOptionsTable,
} from "./tables.ts";

/** Significance tests of compared runs, and the samples on which the runs disagree. */
export interface ComparisonFindings {
  readonly pairs: readonly Pair[];
  /** Samples on which the runs disagree; undefined if the runs were not evaluated on the same samples. */
  readonly disagreements?: Disagreements | undefined;
  /** Galleries with pixels of these samples, besides the galleries of the runs. Defaults to none. */
  readonly pictures?: readonly Gallery[];
}

/** Draws a comparison as one SVG file, and each of its panels as a separate file. */
export function comparisonDrawings(comparison: Comparison, findings: ComparisonFindings): Drawings {
  const { pairs } = findings;
  const panels = comparison.runs.length <= FEW
    ? panelsOfFewRuns(comparison, findings)
    : panelsOfManyRuns(comparison, pairs);
  return panelDrawings(comparisonHeader(comparison, pairs), panels, {
    title: `Comparison ${comparison.name}`,
    subject: comparison.name,
    description: `${comparisonTitle(comparison)}: ${formatResult(comparison, pairs)}`,
  });
}

/**
 * Returns the panels of a comparison of at most {@linkcode FEW} runs, each of which has its own letter and line
 * style.
 */
function panelsOfFewRuns(
  comparison: Comparison,
  { pairs, disagreements, pictures = [] }: ComparisonFindings,
): NamedPanels {
  const tests = pairs.filter(({ test }) => test !== undefined).length;
  return [
    ["runs", tablePanel("Runs", letteredRunsTable(comparison))],
    ["differences", differencesPanel(comparison)],
    ["loss", lossCurvesPanel(comparison)],
    ["accuracy", accuracyCurvesPanel(comparison)],
    ["parameters", parametersPanel(comparison)],
    [
      "pairs",
      tablePanel(
        "Significance tests",
        pairsTable(pairs),
        `${PAIRS_CAPTION}${tests > 1 ? ADJUSTED_CAPTION : ""}`,
      ),
    ],
    ["recall", recallPanel(comparison)],
    ...disagreementPanels(comparison, disagreements, pictures).map((panel, index) =>
      [`disagreements-${index + 1}`, panel] as const
    ),
  ];
}

/** Returns the panels of a comparison of more runs, which are named by their folders and not by letters. */
function panelsOfManyRuns(comparison: Comparison, pairs: readonly Pair[]): NamedPanels {
  const runs = runsAndOptionsTable(comparison, pairs);
  return [
    ["parallel", parallelPanel(comparison)],
    ["runs", tablePanel("Runs", runs, BEST_CAPTION, runs.columns.length - 1)],
    ["parameters", parametersPanel(comparison)],
  ];
}

/** Returns the panel with the table of options that differ. */
function differencesPanel(comparison: Comparison): Panel {
  const table = differencesTable(comparison);
  const caption = table.rows.length === 0
    ? "No option that can change a result differs."
    : "Options that differ between the runs and can change a result. Nested options at their defaults are " +
      "omitted.";
  return tablePanel("Differing options", table, caption);
}

/**
 * Largest width [px] of a text in a table that is split into several because it is wider than the page; longer
 * texts are cut.
 */
const MOST_WIDTH = 220;

/** Space [px] between columns. */
const COLUMN_GAP = 16;

/**
 * Returns a panel with a table. A table wider than the page is split into several tables below each other.
 *
 * @param key index of the column that identifies a row. Each of these tables repeats it.
 */
function tablePanel(title: string, texts: TextTable, caption?: string, key = 0): Panel {
  const widthOf = (text: string) => Math.min(MOST_WIDTH, textWidth(text, { size: 12 }));
  return {
    title,
    span: 3,
    ...defined({ caption }),
    draw: (width) => {
      const tables = foldTable(texts, {
        keys: [key],
        room: width,
        gap: COLUMN_GAP,
        widthOf,
        attached: SPLIT_COLUMNS,
      });
      return column(tables.map(({ columns, rows }) => table({ width, columns, rows })), {
        gap: 20,
      });
    },
  };
}
