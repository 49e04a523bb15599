/**
 * The tables of a sweep: its settings, the best first, and all its runs; as texts for any table, and
 * as one SVG file that has the same bytes for the same results.
 *
 * @module
 */
import { column, document, type Figure, label, space, table } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { NONE, right, type TextTable } from "../../format/text_table.ts";
import { MARGIN, PAGE } from "../../report/grid.ts";
import { titleLines } from "../../report/header.ts";
import {
  accuracyText,
  lossText,
  type MoreColumns,
  partsOf,
  runsTable,
  settingColumns,
  settingTexts,
} from "../../report/runs/table.ts";
import type { ScoredRun } from "../../run/scored_run.ts";
import { bestFirst, pairedDifference, REPEATS, settingsOf, spreadOver } from "./model.ts";
import type { Spread } from "../../tensor/math/statistics.ts";

/** A sweep that is done. */
export interface Sweep {
  /** Name of its folder. */
  readonly name: string;
  /** Name of its config. */
  readonly title: string;
  /** What it is about. */
  readonly description?: string | undefined;
  /** The keys that vary. */
  readonly keys: readonly string[];
  /** The finished runs, in the order of the grid. */
  readonly runs: readonly ScoredRun[];
}

/**
 * A row for each setting with the means over its repeats, the best first; and how far it is behind that
 * one, as the paired difference.
 */
export function settingsTable({ keys, runs }: Sweep): TextTable {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const settings = bestFirst(settingsOf(runs));
  const parts = partsOf(runs);
  const isPaired = own.length > 0 && own.length < keys.length && parts.includes("validation");
  return {
    columns: [
      ...settingColumns(keys, own),
      right("runs"),
      ...parts.flatMap((part) => [right(`${part} (%)`), right("loss")]),
      ...(isPaired ? [right("behind best (%)")] : []),
    ],
    rows: settings.map((setting) => [
      ...settingTexts(setting.settings, own),
      formatCount(setting.runs.length),
      ...parts.flatMap((part) => [
        spreadText(spreadOver(setting, part, "accuracy"), accuracyText),
        spreadText(spreadOver(setting, part, "loss"), lossText),
      ]),
      ...(isPaired ? [spreadText(pairedDifference(setting, settings[0]), accuracyText)] : []),
    ]),
  };
}

/** A row for each run, those of the best setting first. */
export function sweptRunsTable({ keys, runs }: Sweep, more?: MoreColumns<ScoredRun>): TextTable {
  return runsTable(keys, bestFirst(settingsOf(runs)).flatMap(({ runs }) => runs), more);
}

/** The tables as one SVG file. */
export function sweepDrawing(sweep: Sweep): string {
  const { title, description, name, keys, runs } = sweep;
  const repeats = keys.filter((key) => REPEATS.includes(key));
  const over = repeats.length === 0 ? "" : `, mean ± standard deviation over ${repeats.join(", ")}`;
  const page = column([
    ...titleLines({ name, title, about: description }),
    space(PAGE, 24),
    ...section(`Settings, the best on the validation part first${over}`, settingsTable(sweep)),
    space(PAGE, 24),
    ...section("Runs", sweptRunsTable(sweep)),
  ]);
  return document(page, {
    title: `Sweep ${name}`,
    description: `${formatCount(runs.length)} runs over ${keys.join(", ")}`,
    margin: MARGIN,
  });
}

function section(title: string, { columns, rows }: TextTable): readonly Figure[] {
  return [
    label(title, { size: 15, bold: true }),
    space(PAGE, 6),
    table({ width: PAGE, columns, rows }),
  ];
}

function spreadText(spread: Spread | undefined, text: (value: number) => string): string {
  if (spread === undefined) return NONE;
  const { mean, deviation } = spread;
  return deviation === undefined ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}
