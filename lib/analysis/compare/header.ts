import type { Figure } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import type { ComparedRun, Comparison, Pair, Unpaired } from "./comparison.ts";
import type { SplitName } from "../../data/parts.ts";
import { pageHead, titleOf } from "../../report/header.ts";
import { intervalWords, partWords } from "../../report/result.ts";
import { FEW, folderOf, letterOf, pText } from "./names.ts";
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

/** What the page is called. */
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
export function resultLine({ runs, part }: Comparison, pairs: readonly Pair[]): string {
  const ranked = runs.flatMap((run, place) => {
    const accuracy = accuracyOn(run, part);
    return accuracy === undefined ? [] : [{ run, place, accuracy }];
  }).sort((a, b) => b.accuracy - a.accuracy);
  const [best, other] = ranked;
  if (best === undefined || part === undefined) return "No part was evaluated";
  if (new Set(ranked.map(({ run }) => run.data.join())).size > 1) {
    return `The ${
      partWords(part)
    } parts are of several data sets: accuracies on them do not compare`;
  }
  const name = runs.length <= FEW ? letterOf(best.place) : folderOf(best.run);
  const interval = best.run.results.get(part)?.summary.interval ?? null;
  if (runs.length > 2 || other === undefined) {
    return `Best on the ${partWords(part)} part: ${name}, ${formatPercent(best.accuracy)} right ` +
      `(95\u00a0% interval ${intervalWords(interval)})`;
  }
  const right = ranked.map(({ place, accuracy }) =>
    `${letterOf(place)} ${formatPercent(accuracy)}`
  );
  return `${right.join(", ")} of the ${partWords(part)} samples right${
    testWords(pairs, part, name)
  }`;
}

/** What the test of two runs on a part says. */
function testWords([pair]: readonly Pair[], part: SplitName, best: string): string {
  if (pair === undefined || !("test" in pair) || pair.test.part !== part) return "";
  const { pValue } = pair.test;
  const verdict = pValue < REAL ? `${best} is better` : "no difference beyond chance";
  return `: ${verdict} (McNemar's test, p ${pText(pValue)})`;
}

function accuracyOn({ results }: ComparedRun, part: SplitName | undefined): number | undefined {
  const result = part === undefined ? undefined : results.get(part);
  return result?.summary.accuracy ?? undefined;
}

/** Pairs without a test by the reason, and the notes of the data sets. */
function notesOf({ runs, part }: Comparison, pairs: readonly Pair[]): readonly string[] {
  const isFew = runs.length <= FEW;
  const untested = [...unpairedByReason(pairs, isFew ? MOST_NAMED : 0)].map(([reason, listed]) =>
    `compared without a paired test, ${REASONS[reason]}: ${listed}`
  );
  const without = runs.flatMap((run, place) =>
    accuracyOn(run, part) === undefined ? [isFew ? letterOf(place) : folderOf(run)] : []
  );
  return [
    ...untested,
    ...(part === undefined || without.length === 0
      ? []
      : [`not evaluated on the ${partWords(part)} part: ${without.join(", ")}`]),
    ...new Set(runs.flatMap(({ record }) => record.note ?? [])),
  ];
}

const REASONS: Readonly<Record<Unpaired, string>> = {
  "other data": "on other data",
  "other classes": "with other classes",
  "no part in common": "evaluated on other parts",
  "other samples": "on other samples of the same data",
};
