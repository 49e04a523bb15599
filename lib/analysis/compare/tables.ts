/**
 * The tables of a comparison as text: its runs, the differing options, and every pair.
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

/** Returns the table of differing options, with a row for each option and a column for each run. */
export function differencesTable({ runs, differences }: Comparison): TextTable {
  return {
    columns: [left("option"), ...runs.map((_, place) => left(letterOf(place)))],
    rows: differences.map(({ key, values }) => [key, ...values.map(shownValue)]),
  };
}

/** Returns the table of runs in order, by their letters. */
export function lettersTable({ runs }: Comparison, more?: MoreColumns<ComparedRun>): TextTable {
  const { columns, rows } = runsTable([], runs, { parameters: parametersText, ...more });
  return {
    columns: [left(""), ...columns],
    rows: rows.map((row, place) => [letterOf(place), ...row]),
  };
}

/** Caption of {@linkcode optionsTable}. */
export const BEST_CAPTION =
  "p: McNemar's test against the best run, adjusted by Holm's method (1979) " +
  "for the number of all pairs. A dash: the two runs have no common samples.";

/** Returns the table of runs in order, with their differing options and the test against the best run. */
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

/** Caption of {@linkcode pairsTable}. */
export const PAIRS_CAPTION =
  "McNemar's test compares the numbers of samples that only one of two runs classifies correctly. p is the " +
  "probability of numbers at least this unequal if both networks were equally good. It does not account for " +
  "differences between seeds.";

/** Addition to the caption for several tests. */
export const ADJUSTED_CAPTION =
  " Adjusted by Holm's method (1979) for the number of tests: with a threshold of 0.05, the probability " +
  "of any false positive is at most 5\u00a0%.";

/** Returns the table of pairs, with a row for each test and one for each reason for a missing test. */
export function pairsTable(pairs: readonly Pair[]): TextTable {
  const many = pairs.filter(({ test }) => test !== undefined).length > 1;
  const nothing = Array.from({ length: many ? 5 : 4 }, () => NONE);
  return {
    columns: [
      left("runs"),
      left("split"),
      ...["difference (%)", "only first correct", "only second correct", "p"].map(right),
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

/** Largest number of pairs that are listed by their letters. */
export const MOST_NAMED = 3;

/**
 * Returns the pairs without a paired test, by reason: their letters if they are few, their number otherwise.
 *
 * @param most largest number of pairs that are listed; 0 if runs have no letters
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

/** Formats a difference of proportions in percentage points, with its sign. */
export function signedPercent(difference: number, decimals = 2): string {
  const text = formatPercent(difference, decimals, UNITLESS);
  return difference > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
}
