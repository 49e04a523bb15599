/**
 * Draws a comparison of runs: one SVG file with their options, curves, costs, significance tests and
 * disagreements. Its bytes are the same on every machine; times are in a file of their own: see
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
import { OF_PART } from "../../report/runs/table.ts";
import type { Gallery } from "../../run/record.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { parameters } from "./cost.ts";
import { accuracyCurves, lossCurves } from "./curves.ts";
import { disagreementPanels } from "./disagreement_panels.ts";
import type { Disagreements } from "./disagreements.ts";
import { header, resultLine, titleOfComparison } from "./header.ts";
import { FEW } from "./letters.ts";
import { parallel } from "./parallel.ts";
import { recall } from "./recall.ts";
import {
  ADJUSTED_CAPTION,
  BEST_CAPTION,
  differencesTable,
  lettersTable,
  optionsTable,
  PAIRS_CAPTION,
  pairsTable,
} from "./tables.ts";

/** Tests and disagreements of the runs of a comparison. */
export interface Findings {
  readonly pairs: readonly Pair[];
  /** Samples on which the runs disagree; undefined if they were not evaluated on the same samples. */
  readonly disagreements?: Disagreements | undefined;
  /** Pictures of these samples besides those in the galleries of the runs. */
  readonly pictures?: readonly Gallery[];
}

/** Draws the comparison as one file, and each of its panels as a file of its own. */
export function comparisonDrawings(comparison: Comparison, findings: Findings): Drawings {
  const { pairs } = findings;
  const panels = comparison.runs.length <= FEW
    ? fewPanels(comparison, findings)
    : manyPanels(comparison, pairs);
  return panelDrawings(header(comparison, pairs), panels, {
    title: `Comparison ${comparison.name}`,
    of: comparison.name,
    about: `${titleOfComparison(comparison)}: ${resultLine(comparison, pairs)}`,
  });
}

/** Returns the panels for few runs, which have letters and styles of their own. */
function fewPanels(
  comparison: Comparison,
  { pairs, disagreements: found, pictures = [] }: Findings,
): NamedPanels {
  const tests = pairs.filter(({ test }) => test !== undefined).length;
  return [
    ["runs", tablePanel("Runs", lettersTable(comparison))],
    ["differences", differencesPanel(comparison)],
    ["loss", lossCurves(comparison)],
    ["accuracy", accuracyCurves(comparison)],
    ["parameters", parameters(comparison)],
    [
      "pairs",
      tablePanel(
        "Significance tests",
        pairsTable(pairs),
        `${PAIRS_CAPTION}${tests > 1 ? ADJUSTED_CAPTION : ""}`,
      ),
    ],
    ["recall", recall(comparison)],
    ...disagreementPanels(comparison, found, pictures).map((panel, index) =>
      [`disagreements-${index + 1}`, panel] as const
    ),
  ];
}

/** Returns the panels for many runs. */
function manyPanels(comparison: Comparison, pairs: readonly Pair[]): NamedPanels {
  const runs = optionsTable(comparison, pairs);
  return [
    ["parallel", parallel(comparison)],
    ["runs", tablePanel("Runs", runs, BEST_CAPTION, runs.columns.length - 1)],
    ["parameters", parameters(comparison)],
  ];
}

function differencesPanel(comparison: Comparison): Panel {
  const table = differencesTable(comparison);
  const caption = table.rows.length === 0
    ? "No option that can change a result differs."
    : "Options that differ between the runs and can change a result. Nested options at their defaults are " +
      "omitted.";
  return tablePanel("Differing options", table, caption);
}

/** Width [px] to which texts are cut where a table is folded. */
const MOST_WIDTH = 220;

/** Space [px] between columns. */
const COLUMN_GAP = 16;

/** Returns a panel with a table, folded into several if it is wider than the page. */
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
        stays: OF_PART,
      });
      return column(tables.map(({ columns, rows }) => table({ width, columns, rows })), {
        gap: 20,
      });
    },
  };
}
