/**
 * Builds the tables of a sweep, one of its settings and one of its runs, best first: as text, and as an SVG file that
 * has the same bytes for the same results.
 *
 * @module
 */
import { column, document, type Figure, label, paragraph, space, table } from "deno-plot-svg";
import { formatCount, formatCountWithNoun } from "../../format/numbers.ts";
import { NONE, right, type TextTable } from "../../format/text_table.ts";
import { MARGIN, PAGE } from "../../report/grid.ts";
import { drawTitle } from "../../report/header.ts";
import { formatSettings } from "../../report/runs/names.ts";
import {
  comparedSplits,
  formatAccuracy,
  formatLoss,
  formatSettingCells,
  type MoreColumns,
  runsTable,
  settingColumns,
} from "../../report/runs/table.ts";
import { CHOSEN_BY_TEST, type Ranking } from "../../report/runs/ranking.ts";
import { COMPARED, type ScoredRun } from "../../run/scored_run.ts";
import { groupBySetting, pairedDifference, REPEATS, scoreSpread, sortSettings } from "./model.ts";
import type { Spread } from "../../tensor/math/statistics.ts";

/** A sweep: its finished runs and the ranking of their settings. */
export interface Sweep {
  /** Name of the sweep's folder. */
  readonly name: string;
  /** Name of the sweep's config. */
  readonly title: string;
  readonly description?: string | undefined;
  /** Keys of the options that vary. */
  readonly keys: readonly string[];
  /** Finished runs, in the order of the grid. */
  readonly runs: readonly ScoredRun[];
  /** Split and score that rank the settings; undefined if the settings cannot be ranked. */
  readonly ranking: Ranking | undefined;
}

/**
 * Returns the table of settings, best first: mean and standard deviation of each score over the runs of a
 * setting and, if seeds or folds vary, the paired difference from the best setting.
 */
export function settingsTable({ keys, runs, ranking }: Sweep): TextTable {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const settings = sortSettings(groupBySetting(runs), ranking);
  const splits = comparedSplits(runs);
  const behind = own.length > 0 && own.length < keys.length ? ranking : undefined;
  const isLoss = behind?.figure === "loss";
  return {
    columns: [
      ...settingColumns(keys, own),
      right("runs"),
      ...splits.flatMap((split) => [right(`${split} (%)`), right("loss")]),
      ...(behind === undefined ? [] : [right(isLoss ? "gap to best (loss)" : "gap to best (%)")]),
    ],
    rows: settings.map((setting) => [
      ...formatSettingCells(setting.settings, own),
      formatCount(setting.runs.length),
      ...splits.flatMap((split) => [
        formatSpread(scoreSpread(setting, split, "accuracy"), formatAccuracy),
        formatSpread(scoreSpread(setting, split, "loss"), formatLoss),
      ]),
      ...(behind === undefined ? [] : [
        formatSpread(
          pairedDifference(setting, settings[0], behind),
          isLoss ? formatLoss : formatAccuracy,
        ),
      ]),
    ]),
  };
}

/**
 * Returns the table of a sweep's runs, those of the best setting first.
 *
 * @param more further columns. Defaults to none.
 */
export function sweptRunsTable(
  { keys, runs, ranking }: Sweep,
  more?: MoreColumns<ScoredRun>,
): TextTable {
  return runsTable(
    keys,
    sortSettings(groupBySetting(runs), ranking).flatMap(({ runs }) => runs),
    more,
  );
}

/**
 * Formats the best setting with its scores, or the reason why settings are not ranked, as lines. The last line
 * is a warning if the ranking is not by the validation split.
 */
export function formatSweepResult({ keys, runs, ranking }: Sweep): readonly string[] {
  if (ranking === undefined) {
    return [
      "Settings are not ranked, since no run was evaluated on a validation split: hold one out in the " +
      'stage "split" and add it to "on" of "evaluate", or pass --test to rank by the test split',
    ];
  }
  const { split, figure } = ranking;
  const own = keys.filter((key) => !REPEATS.includes(key));
  const [best] = sortSettings(groupBySetting(runs), ranking);
  const others = COMPARED.filter((each) => each !== split);
  const scores = [split, ...others].flatMap((split) => {
    const accuracy = scoreSpread(best, split, "accuracy");
    return accuracy === undefined ? [] : [`${split} ${formatSpread(accuracy, formatAccuracy)} %`];
  });
  const name = own.length === 0
    ? formatCountWithNoun(best.runs.length, "run")
    : `${figure === "loss" ? "Lowest loss" : "Best"} on the ${split} split: ` +
      formatSettings(best.settings.filter(({ key }) => own.includes(key)), keys);
  return [
    [name, ...scores].join(", "),
    ...(split === "validation" ? [] : [CHOSEN_BY_TEST]),
  ];
}

/** Draws the tables of a sweep's settings and runs, and returns them as the text of one SVG file. */
export function sweepDrawing(sweep: Sweep): string {
  const { title, description, name, keys, runs, ranking } = sweep;
  const repeats = keys.filter((key) => REPEATS.includes(key));
  const over = repeats.length === 0 ? "" : `, mean ± standard deviation over ${repeats.join(", ")}`;
  const order = ranking === undefined
    ? "not ranked"
    : `${
      ranking.figure === "loss" ? "the lowest loss" : "the best"
    } on the ${ranking.split} split first`;
  const page = column([
    ...drawTitle({ name, title, about: description }),
    ...(ranking?.split === "validation" ? [] : [
      space(PAGE, 14),
      ...formatSweepResult(sweep).slice(-1).map((line) =>
        paragraph(`Note: ${line}`, PAGE, { size: 14, tone: "orange" })
      ),
    ]),
    space(PAGE, 24),
    ...titledTable(`Settings, ${order}${over}`, settingsTable(sweep)),
    space(PAGE, 24),
    ...titledTable("Runs", sweptRunsTable(sweep)),
  ]);
  return document(page, {
    title: `Sweep ${name}`,
    description: `${formatCount(runs.length)} runs over ${keys.join(", ")}`,
    margin: MARGIN,
  });
}

/** Draws a table below its title. */
function titledTable(title: string, { columns, rows }: TextTable): readonly Figure[] {
  return [
    label(title, { size: 15, bold: true }),
    space(PAGE, 6),
    table({ width: PAGE, columns, rows }),
  ];
}

/**
 * Formats a mean and, if there is one, ± the standard deviation; a dash if `spread` is undefined.
 *
 * @param text formats each of the two numbers
 */
function formatSpread(spread: Spread | undefined, text: (value: number) => string): string {
  if (spread === undefined) return NONE;
  const { mean, deviation } = spread;
  return deviation === undefined ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}
