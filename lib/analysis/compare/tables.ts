/**
 * Builds the tables of a comparison as text: its runs, the options that differ, and every pair of runs.
 *
 * @module
 */

import { formatCount } from "../../format/numbers.ts";
import { formatPercent, UNITLESS } from "../../format/percent.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";
import { type MoreColumns, runsTable } from "../../report/runs/table.ts";
import type { ComparedRun, Comparison, Pair, Unpaired } from "./comparison.ts";
import { formatOptionValue, formatPValue, runLetter } from "./letters.ts";
import { rankRuns } from "./order.ts";

/** Returns the table of options that differ, with a row for each option and a column for each run. */
export function differencesTable({ runs, differences }: Comparison): TextTable {
  return {
    columns: [left("option"), ...runs.map((_, runIndex) => left(runLetter(runIndex)))],
    rows: differences.map(({ key, values }) => [key, ...values.map(formatOptionValue)]),
  };
}

/**
 * Returns the table of runs in the order of the comparison, each with its letter.
 *
 * @param more further columns. Defaults to none.
 */
export function letteredRunsTable(
  { runs }: Comparison,
  more?: MoreColumns<ComparedRun>,
): TextTable {
  const { columns, rows } = runsTable([], runs, { parameters: formatParameters, ...more });
  return {
    columns: [left(""), ...columns],
    rows: rows.map((row, runIndex) => [runLetter(runIndex), ...row]),
  };
}

/** Caption of {@linkcode runsAndOptionsTable}. */
export const BEST_CAPTION =
  "p: McNemar's test against the best run, adjusted by Holm's method (1979) " +
  "for the number of all pairs. A dash: the two runs have no common samples.";

/**
 * Returns the table of runs in the order of the comparison, with the options that differ and the p-value
 * against the best run.
 *
 * @param pairs every pair of runs
 * @param more further columns. Defaults to none.
 */
export function runsAndOptionsTable(
  comparison: Comparison,
  pairs: readonly Pair[],
  more?: MoreColumns<ComparedRun>,
): TextTable {
  const { runs, differences } = comparison;
  const [best] = rankRuns(comparison);
  const tests = new Map(pairs.flatMap(({ first, second, test }) => {
    if (test === undefined || ![first, second].includes(best)) return [];
    return [[first === best ? second : first, formatPValue(test.adjusted)] as const];
  }));
  return runsTable(differences.map(({ key }) => key), runs, {
    parameters: formatParameters,
    "p vs. best": (_, runIndex) => tests.get(runIndex) ?? NONE,
    ...more,
  });
}

function formatParameters({ record }: ComparedRun): string {
  return formatCount(record.parameters);
}

/** Caption of {@linkcode pairsTable}. */
export const PAIRS_CAPTION =
  "McNemar's test compares the numbers of samples that only one of two runs classifies correctly. p is the " +
  "probability of numbers at least this unequal if both networks were equally good. It does not account for " +
  "differences between seeds.";

/** Addition to {@linkcode PAIRS_CAPTION} if there are several tests. */
export const ADJUSTED_CAPTION =
  " Adjusted by Holm's method (1979) for the number of tests: with a threshold of 0.05, the probability " +
  "of any false positive is at most 5\u00a0%.";

/** Returns the table of pairs: a row for each test, and a row for each reason why pairs have no test. */
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
          formatPair(pair),
          test.split,
          formatSignedPercent(test.difference),
          ...[test.onlyFirst, test.onlySecond].map(formatCount),
          formatPValue(test.pValue),
          ...(many ? [formatPValue(test.adjusted)] : []),
        ]]
      ),
      ...unpairedByReason(pairs).map(([reason, listed]) => [listed, reason, ...nothing]),
    ],
  };
}

/** Largest number of pairs without a test that are listed by the letters of their runs. */
export const MOST_NAMED = 3;

/**
 * Returns, for each reason, the pairs of runs that have no significance test. A few pairs are listed by the
 * letters of their runs; of more, only the number is given.
 *
 * @param most largest number of pairs that are listed by letters; 0 if runs have no letters
 */
export function unpairedByReason(
  pairs: readonly Pair[],
  most = MOST_NAMED,
): readonly (readonly [reason: Unpaired, listed: string])[] {
  const reasons = Map.groupBy(pairs, ({ unpaired }) => unpaired);
  return [...reasons].flatMap(([reason, of]) => {
    if (reason === undefined) return [];
    const counted = `${formatCount(of.length)} of ${formatCount(pairs.length)} pairs`;
    return [[reason, of.length <= most ? of.map(formatPair).join(", ") : counted]];
  });
}

function formatPair({ first, second }: Pair): string {
  return `${runLetter(first)} and ${runLetter(second)}`;
}

/**
 * Formats a difference of proportions in percentage points, with its sign: "+1.25". A difference that rounds to
 * 0 has no plus sign.
 */
export function formatSignedPercent(difference: number, decimals = 2): string {
  const text = formatPercent(difference, decimals, UNITLESS);
  return difference > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
}
