import { type Figure } from "deno-plot-svg";
import type { SplitName } from "../../data/parts.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { pageHead, titleOf } from "../../report/header.ts";
import { namedInterval, partWords } from "../../report/result.ts";
import type { Comparison, Pair, Unpaired } from "./comparison.ts";
import { FEW, letterOf, nameOf, pText } from "./letters.ts";
import { MOST_NAMED, unpairedByReason } from "./tables.ts";

/** The top of the page: the result, and what a reader must know of the data. */
export function header(comparison: Comparison, pairs: readonly Pair[]): Figure {
  return pageHead({
    name: comparison.name,
    title: titleOfComparison(comparison),
    result: resultLine(comparison, pairs),
    notes: notesOf(comparison, pairs),
  });
}

/** Returns the title of the page. */
export function titleOfComparison({ runs }: Comparison): string {
  const titles = [...new Set(runs.map(({ record }) => titleOf(record)))];
  const of = titles.length === 1 ? ` of ${titles[0]}` : "";
  return `${formatCount(runs.length)} runs${of} beside each other`;
}

/** From this probability on, a difference is not taken for real. */
const REAL = 0.05;

/**
 * The result in one line: two runs with their test, of more the best. Runs of several data sets have none:
 * a part of one may be easier than that of another.
 */
export function resultLine(comparison: Comparison, pairs: readonly Pair[]): string {
  const { runs, part, summaries } = comparison;
  const ranked = summaries.flatMap((summary, place) => {
    const { accuracy = null, interval = null } = summary ?? {};
    return accuracy === null ? [] : [{ place, accuracy, interval }];
  }).sort((a, b) => b.accuracy - a.accuracy);
  if (part === undefined) return "No part was evaluated";
  const words = partWords(part);
  if (new Set(ranked.map(({ place }) => runs[place].data.join())).size > 1) {
    return `The ${words} parts are of several data sets: accuracies on them do not compare`;
  }
  const [best] = ranked;
  const name = nameOf(comparison, best.place);
  if (runs.length > 2 || ranked.length === 1) {
    return `Best on the ${words} part: ${name}, ${formatPercent(best.accuracy)} right ` +
      `(${namedInterval(best.interval)})`;
  }
  const right = ranked.map(({ place, accuracy }) =>
    `${letterOf(place)} ${formatPercent(accuracy)}`
  );
  return `${right.join(", ")} of the ${words} samples right${testWords(pairs, part, name)}`;
}

/** Formats the result of the significance test of two runs on a split. */
function testWords([{ test }]: readonly Pair[], part: SplitName, best: string): string {
  if (test?.part !== part) return "";
  const { pValue } = test;
  const verdict = pValue < REAL ? `${best} is better` : "no difference beyond chance";
  return `: ${verdict} (McNemar's test, p ${pText(pValue)})`;
}

/** Pairs without a test by the reason, and the notes of the data sets. */
function notesOf(comparison: Comparison, pairs: readonly Pair[]): readonly string[] {
  const { runs, part, summaries } = comparison;
  const most = runs.length <= FEW ? MOST_NAMED : 0;
  const without = [...runs.keys()].filter((place) => summaries[place] === undefined);
  return [
    ...unpairedByReason(pairs, most).map(([reason, listed]) =>
      `compared without a paired test, ${REASONS[reason]}: ${listed}`
    ),
    ...(part === undefined || without.length === 0 ? [] : [
      `not evaluated on the ${partWords(part)} part: ` +
      without.map((place) => nameOf(comparison, place)).join(", "),
    ]),
    ...new Set(runs.flatMap(({ record }) => record.note ?? [])),
  ];
}

const REASONS: Readonly<Record<Unpaired, string>> = {
  "other data": "on other data",
  "other classes": "with other classes",
  "no part in common": "evaluated on other parts",
  "other samples": "on other samples of the same data",
};
