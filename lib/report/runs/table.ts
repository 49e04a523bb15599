import { formatCount, formatFixed } from "../../format/numbers.ts";
import { formatInterval, formatPercent, UNITLESS } from "../../format/percent.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { COMPARED, type Compared, type ScoredRun, type SplitScore } from "../../run/scored_run.ts";
import { shortNames, valueText } from "./names.ts";

const INTERVAL = "95\u00a0% interval";

/** Columns that belong to the split named by the column before them. */
export const OF_PART: readonly string[] = [INTERVAL, "loss"];

/** Further columns by heading: functions that return the text of a run at an index. */
export type MoreColumns<Run> = Readonly<Record<string, (run: Run, place: number) => string>>;

/** Returns a table with a row for each run, in order, and a column for each of the settings `keys`. */
export function runsTable<Run extends ScoredRun>(
  keys: readonly string[],
  runs: readonly Run[],
  more: MoreColumns<Run> = {},
): TextTable {
  const splits = listSplits(runs);
  return {
    columns: [
      ...settingColumns(keys, keys),
      ...splits.flatMap((split) => [right(`${split} (%)`), right(INTERVAL), right("loss")]),
      ...["epochs", ...Object.keys(more)].map(right),
      left("run"),
    ],
    rows: runs.map((run, place) => [
      ...settingTexts(run.settings, keys),
      ...splits.flatMap((split) => scoreTexts(run.scores[split])),
      run.epochs === 0 ? "" : formatCount(run.epochs),
      ...Object.values(more).map((textOf) => textOf(run, place)),
      run.run,
    ]),
  };
}

/** Returns the compared splits on which at least one run was evaluated. */
export function listSplits(runs: readonly ScoredRun[]): readonly Compared[] {
  return COMPARED.filter((split) => runs.some(({ scores }) => scores[split] !== undefined));
}

export function settingColumns(
  keys: readonly string[],
  shown: readonly string[],
): TextTable["columns"] {
  const names = shortNames(keys);
  return shown.map((key) => left(names[keys.indexOf(key)]));
}

export function settingTexts(
  settings: ScoredRun["settings"],
  keys: readonly string[],
): readonly string[] {
  return keys.map((key) => {
    const setting = settings.find((setting) => setting.key === key);
    return setting === undefined ? "" : valueText(setting.value);
  });
}

function scoreTexts(score: SplitScore | undefined): readonly string[] {
  if (score === undefined) return [NONE, NONE, NONE];
  const { accuracy, interval, loss } = score;
  return [
    accuracy === null ? NONE : accuracyText(accuracy),
    interval === null ? NONE : formatInterval(interval, 2, UNITLESS),
    loss === null ? NONE : lossText(loss),
  ];
}

/** Formats an accuracy as a percentage without its unit. */
export function accuracyText(accuracy: number): string {
  return formatPercent(accuracy, 2, UNITLESS);
}

export function lossText(loss: number): string {
  return formatFixed(loss, 4);
}
