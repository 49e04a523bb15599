/**
 * The tables of a comparison, as texts for any table: its runs, in what they differ, every pair.
 *
 * @module
 */
import { formatCount } from "../../format/numbers.ts";
import type { ComparedRun, Comparison, Pair, Unpaired } from "./comparison.ts";
import { COMPARED, type SweptRun } from "../sweep/model.ts";
import { formatPercent, UNITLESS } from "../../format/percent.ts";
import { type MoreColumns, runsTable } from "../sweep/tables.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { folderOf, letterOf, pText, shownValue } from "./names.ts";

/** In what runs differ, a row for each option with a column for each run. */
export function differencesTable({ runs, differences }: Comparison): TextTable {
  return {
    columns: [left("option"), ...runs.map((_, place) => left(letterOf(place)))],
    rows: differences.map(({ key, values }) => [key, ...values.map(shownValue)]),
  };
}

/** A row for each run in their order, by their letters. */
export function lettersTable({ runs }: Comparison, more: MoreColumns = {}): TextTable {
  const { columns, rows } = inOrder(runs, [], more);
  return {
    columns: [left(""), ...columns],
    rows: rows.map((row, place) => [letterOf(place), ...row]),
  };
}

/** How to read {@linkcode optionsTable}. */
export const BEST_CAPTION =
  "p: of McNemar's test against the run of the highest accuracy, adjusted " +
  "by Holm's method (1979) for the number of all pairs; a dash where they have no samples in common.";

/** A row for each run in their order, by the options in which they differ, and the test against the best. */
export function optionsTable(
  { runs, differences, part }: Comparison,
  pairs: readonly Pair[],
  more: MoreColumns = {},
): TextTable {
  const accuracyOf = ({ results }: ComparedRun) =>
    (part === undefined ? undefined : results.get(part)?.summary.accuracy) ?? -1;
  const best = runs.map(accuracyOf).indexOf(Math.max(...runs.map(accuracyOf)));
  const tests = new Map(pairs.flatMap((pair) => {
    const other = pair.first === best ? pair.second : pair.first;
    const isOfBest = pair.first === best || pair.second === best;
    if (!isOfBest || !("test" in pair)) return [];
    return [[folderOf(runs[other]), pText(pair.test.adjusted)] as const];
  }));
  return inOrder(runs, differences, {
    "p vs. best": ({ run }) => tests.get(run) ?? NONE,
    ...more,
  });
}

/** The table of a sweep, its rows in the order of the runs. */
function inOrder(
  runs: readonly ComparedRun[],
  differences: Comparison["differences"],
  more: MoreColumns,
): TextTable {
  const swept = runs.map((run, place) => sweptOf(run, place, differences));
  const parameters = new Map(runs.map((run) => [folderOf(run), run.record.parameters]));
  const { columns, rows } = runsTable(
    { name: "", title: "", runs: swept, keys: differences.map(({ key }) => key) },
    { parameters: ({ run }) => formatCount(parameters.get(run) ?? NaN), ...more },
  );
  const byRun = new Map(rows.map((row) => [row.at(-1), row]));
  return { columns, rows: runs.map((run) => byRun.get(folderOf(run)) as readonly string[]) };
}

/** A run as one of a sweep over what differs. */
function sweptOf(
  { record, results }: ComparedRun,
  place: number,
  differences: Comparison["differences"],
): SweptRun {
  const scores = COMPARED.flatMap((part) => {
    const summary = results.get(part)?.summary;
    if (summary === undefined) return [];
    const { accuracy, interval, loss } = summary;
    return [[part, { accuracy, interval, loss }] as const];
  });
  return {
    settings: differences.flatMap(({ key, values }) =>
      values[place] === undefined ? [] : [{ key, value: values[place] }]
    ),
    run: record.run,
    epochs: record.epochs.length,
    scores: Object.fromEntries(scores),
  };
}

/** Columns of the tables of runs that speak of the part that the one before names. */
export const OF_PART: readonly string[] = ["95\u00a0% interval", "loss"];

/** How to read {@linkcode pairsTable}. */
export const PAIRS_CAPTION =
  "McNemar's test on the samples that only one of two runs gets right: p is how probable counts as " +
  "unequal as these, or more, would be, were both equally good. It speaks of these networks, not of " +
  "other seeds.";

/** What is said besides where there are several tests. */
export const ADJUSTED_CAPTION =
  " Adjusted by Holm's method (1979) for the number of tests: who takes differences below 0.05 for real " +
  "is wrong about any of them with a probability of at most 5\u00a0%.";

/** A row for each pair with a paired test, and one for each reason why others have none. */
export function pairsTable(pairs: readonly Pair[]): TextTable {
  const tested = pairs.flatMap((pair) => "test" in pair ? [pair] : []);
  const many = tested.length > 1;
  const nothing = Array.from({ length: many ? 5 : 4 }, () => NONE);
  return {
    columns: [
      left("runs"),
      left("part"),
      ...["difference (%)", "only first right", "only second right", "p"].map(right),
      ...(many ? [right("adjusted p")] : []),
    ],
    rows: [
      ...tested.map(({ first, second, test }) => {
        const { part, difference, onlyFirst, onlySecond, pValue, adjusted } = test;
        return [
          pairText({ first, second }),
          part,
          signedPercent(difference),
          ...[onlyFirst, onlySecond].map((count) => formatCount(count)),
          pText(pValue),
          ...(many ? [pText(adjusted)] : []),
        ];
      }),
      ...Array.from(unpairedByReason(pairs), ([reason, listed]) => [listed, reason, ...nothing]),
    ],
  };
}

/** Pairs that are named by their letters, at most. */
export const MOST_NAMED = 3;

/**
 * The pairs without a paired test by the reason: by their letters if they are few, else how many.
 *
 * @param most how many are few: none where runs have no letters
 */
export function unpairedByReason(
  pairs: readonly Pair[],
  most = MOST_NAMED,
): ReadonlyMap<Unpaired, string> {
  const without = pairs.flatMap((pair) => "unpaired" in pair ? [pair] : []);
  const reasons = Map.groupBy(without, ({ unpaired }) => unpaired);
  return new Map(
    Array.from(reasons, ([reason, of]) => {
      const listed = of.length <= most
        ? of.map(pairText).join(", ")
        : `${formatCount(of.length)} of ${formatCount(pairs.length)} pairs`;
      return [reason, listed] as const;
    }),
  );
}

function pairText({ first, second }: Pick<Pair, "first" | "second">): string {
  return `${letterOf(first)} and ${letterOf(second)}`;
}

/** A difference of shares in points of percent, with its sign. */
export function signedPercent(difference: number, decimals = 2): string {
  const text = formatPercent(difference, decimals, UNITLESS);
  return difference > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
}
