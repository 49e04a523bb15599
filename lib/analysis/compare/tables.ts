/**
 * The tables of a comparison, as texts for any table: its runs, in what they differ, every pair.
 *
 * @module
 */

import { formatCount } from "../../format/numbers.ts";
import { formatPercent, UNITLESS } from "../../format/percent.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { type MoreColumns, runsTable } from "../../report/runs/table.ts";
import type { ComparedRun, Comparison, Pair, Unpaired } from "./comparison.ts";
import { letterOf, pText, shownValue } from "./letters.ts";
import { rankedPlaces } from "./order.ts";

/** In what runs differ, a row for each option with a column for each run. */
export function differencesTable({ runs, differences }: Comparison): TextTable {
  return {
    columns: [left("option"), ...runs.map((_, place) => left(letterOf(place)))],
    rows: differences.map(({ key, values }) => [key, ...values.map(shownValue)]),
  };
}

/** A row for each run in their order, by their letters. */
export function lettersTable({ runs }: Comparison, more?: MoreColumns<ComparedRun>): TextTable {
  const { columns, rows } = runsTable([], runs, { parameters: parametersText, ...more });
  return {
    columns: [left(""), ...columns],
    rows: rows.map((row, place) => [letterOf(place), ...row]),
  };
}

/** How to read {@linkcode optionsTable}. */
export const BEST_CAPTION = "p: of McNemar's test against the best run, adjusted " +
  "by Holm's method (1979) for the number of all pairs; a dash where they have no samples in common.";

/** A row for each run in their order, by the options in which they differ, and the test against the best. */
export function optionsTable(
  comparison: Comparison,
  pairs: readonly Pair[],
  more?: MoreColumns<ComparedRun>,
): TextTable {
  const { runs, differences } = comparison;
  const [best] = rankedPlaces(comparison);
  const tests = new Map(pairs.flatMap(({ first, second, test }) => {
    if (test === undefined || ![first, second].includes(best)) return [];
    return [[first === best ? second : first, pText(test.adjusted)] as const];
  }));
  return runsTable(differences.map(({ key }) => key), runs, {
    parameters: parametersText,
    "p vs. best": (_, place) => tests.get(place) ?? NONE,
    ...more,
  });
}

function parametersText({ record }: ComparedRun): string {
  return formatCount(record.parameters);
}

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
  const many = pairs.filter(({ test }) => test !== undefined).length > 1;
  const nothing = Array.from({ length: many ? 5 : 4 }, () => NONE);
  return {
    columns: [
      left("runs"),
      left("split"),
      ...["difference (%)", "only first right", "only second right", "p"].map(right),
      ...(many ? [right("adjusted p")] : []),
    ],
    rows: [
      ...pairs.flatMap(({ test, ...pair }) =>
        test === undefined ? [] : [[
          pairText(pair),
          test.split,
          signedPercent(test.difference),
          ...[test.onlyFirst, test.onlySecond].map(formatCount),
          pText(test.pValue),
          ...(many ? [pText(test.adjusted)] : []),
        ]]
      ),
      ...unpairedByReason(pairs).map(([reason, listed]) => [listed, reason, ...nothing]),
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
): readonly (readonly [reason: Unpaired, listed: string])[] {
  const reasons = Map.groupBy(pairs, ({ unpaired }) => unpaired);
  return [...reasons].flatMap(([reason, of]) => {
    if (reason === undefined) return [];
    const counted = `${formatCount(of.length)} of ${formatCount(pairs.length)} pairs`;
    return [[reason, of.length <= most ? of.map(pairText).join(", ") : counted]];
  });
}

function pairText({ first, second }: Pair): string {
  return `${letterOf(first)} and ${letterOf(second)}`;
}

/** A difference of shares in points of percent, with its sign. */
export function signedPercent(difference: number, decimals = 2): string {
  const text = formatPercent(difference, decimals, UNITLESS);
  return difference > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
}
