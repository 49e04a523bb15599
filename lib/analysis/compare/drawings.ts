/**
 * What a person looks at to compare runs: one SVG file with in what they differ, their curves, what they
 * cost, and which is better on which samples. Nothing in it differs between machines; times are in a
 * file of their own, see `environment.ts`.
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

/** What was found about the runs of a comparison. */
export interface Findings {
  /** Every pair. */
  readonly pairs: readonly Pair[];
  /** The samples that the runs disagree about, if there are any that all were asked about. */
  readonly disagreements?: Disagreements | undefined;
  /** Pictures of these, besides those in the galleries of the runs. */
  readonly pictures?: readonly Gallery[];
}

/** The comparison as one file, and each of its panels as a file of its own. */
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

/** Runs that can be told apart by letters and looks. */
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
        "Which is better",
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

/** Runs that are too many for that. */
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
    ? "None of what can change a result."
    : "All options that are not the same and can change a result; those of things at their default " +
      "are left out.";
  return tablePanel("What differs", table, caption);
}

/** Texts that are wider are cut where a table is folded, in pixels. */
const MOST_WIDTH = 220;

/** Between columns, in pixels. */
const COLUMN_GAP = 16;

/** A table, or several below each other, if one would be wider than the page. */
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
