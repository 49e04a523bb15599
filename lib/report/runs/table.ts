import { formatCount, formatFixed } from "../../format/numbers.ts";
import { formatInterval, formatPercent, UNITLESS } from "../../format/percent.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { COMPARED, type Compared, type ScoredRun, type SplitScore } from "../../run/scored_run.ts";
import { formatSettingValue, shortNames } from "./names.ts";

/** Heading of the column of the accuracy's interval. */
const INTERVAL = "95\u00a0% interval";

/** Headings of the columns that follow the accuracy on a split and belong to the same split. */
export const SPLIT_COLUMNS: readonly string[] = [INTERVAL, "loss"];

/**
 * Further columns of a table of runs, by heading. Each is a function that returns the text of a cell, from a
 * run and the run's index in the table.
 */
export type MoreColumns<Run> = Readonly<Record<string, (run: Run, place: number) => string>>;

/**
 * Returns a table with a row for each run, in the order of the runs. Its columns are the options `keys`,
 * accuracy, interval and loss on each compared split, the number of epochs, further columns, and the name of
 * the run.
 */
export function runsTable<Run extends ScoredRun>(
  keys: readonly string[],
  runs: readonly Run[],
  more: MoreColumns<Run> = {},
): TextTable {
  const splits = comparedSplits(runs);
  return {
    columns: [
      ...settingColumns(keys, keys),
      ...splits.flatMap((split) => [right(`${split} (%)`), right(INTERVAL), right("loss")]),
      ...["epochs", ...Object.keys(more)].map(right),
      left("run"),
    ],
    rows: runs.map((run, place) => [
      ...formatSettingCells(run.settings, keys),
      ...splits.flatMap((split) => formatScoreCells(run.scores[split])),
      run.epochs === 0 ? "" : formatCount(run.epochs),
      ...Object.values(more).map((textOf) => textOf(run, place)),
      run.run,
    ]),
  };
}

/** Returns those of the validation and the test split on which at least one run was evaluated. */
export function comparedSplits(runs: readonly ScoredRun[]): readonly Compared[] {
  return COMPARED.filter((split) => runs.some(({ scores }) => scores[split] !== undefined));
}

/**
 * Returns the columns of options, with short names as headings.
 *
 * @param keys paths of all varying options, among which each short name must be unique
 * @param shownKeys paths of the options that have columns
 */
export function settingColumns(
  keys: readonly string[],
  shownKeys: readonly string[],
): TextTable["columns"] {
  const names = shortNames(keys);
  return shownKeys.map((key) => left(names[keys.indexOf(key)]));
}

/** Formats the values of the options `keys` of a run; an option that the run does not set is empty. */
export function formatSettingCells(
  settings: ScoredRun["settings"],
  keys: readonly string[],
): readonly string[] {
  return keys.map((key) => {
    const setting = settings.find((setting) => setting.key === key);
    return setting === undefined ? "" : formatSettingValue(setting.value);
  });
}

/** Formats accuracy, interval and loss on a split; dashes if the split was not evaluated. */
function formatScoreCells(score: SplitScore | undefined): readonly string[] {
  if (score === undefined) return [NONE, NONE, NONE];
  const { accuracy, interval, loss } = score;
  return [
    accuracy === null ? NONE : formatAccuracy(accuracy),
    interval === null ? NONE : formatInterval(interval, 2, UNITLESS),
    loss === null ? NONE : formatLoss(loss),
  ];
}

/** Formats an accuracy, 0 to 1, in percent without the unit: "97.95". */
export function formatAccuracy(accuracy: number): string {
  return formatPercent(accuracy, 2, UNITLESS);
}

/** Formats a loss with 4 decimals. */
export function formatLoss(loss: number): string {
  return formatFixed(loss, 4);
}
