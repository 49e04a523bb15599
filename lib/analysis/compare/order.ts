/**
 * Sorts the runs of a comparison by their ranking, or by any column of its tables.
 *
 * @module
 */
import type { Ordering } from "../../report/runs/ordering.ts";
import { compareBetterFirst } from "../../report/runs/ranking.ts";
import { shortNames } from "../../report/runs/names.ts";
import { COMPARED } from "../../run/scored_run.ts";
import type { Comparison } from "./comparison.ts";
import { formatOptionValue } from "./letters.ts";

/** Returns the indices of the runs, best first; in the order of the comparison if it has no ranking. */
export function rankRuns({ runs, ranking }: Comparison): readonly number[] {
  const runIndices = [...runs.keys()];
  if (ranking === undefined) return runIndices;
  const { split, figure } = ranking;
  const value = (runIndex: number) => runs[runIndex].scores[split]?.[figure];
  return runIndices.sort((a, b) => compareBetterFirst(figure, value(a), value(b)));
}

/**
 * Returns the name of the sortable column that ranks the runs: "accuracy", or the loss on a split, such as
 * "validation.loss". Returns undefined if runs are not ranked.
 */
export function rankingKey({ ranking }: Comparison): string | undefined {
  if (ranking === undefined) return undefined;
  return ranking.figure === "loss" ? `${ranking.split}.loss` : "accuracy";
}

/** A column by which runs can be sorted. */
interface OrderColumn extends Ordering {
  /** Names by which a user can choose the column. */
  readonly names: readonly string[];
}

/**
 * Returns the columns by which the table of runs can be sorted.
 *
 * @param times duration of each run [ms]; undefined if unknown
 */
export function sortableColumns(
  { runs, differences, ranking, splits }: Comparison,
  times: readonly (number | undefined)[],
): readonly OrderColumn[] {
  const rising = (name: string, values: OrderColumn["values"]): OrderColumn => ({
    names: [name],
    values,
    falling: false,
  });
  const accuracies = (name: string, of: readonly ({ accuracy: number | null } | undefined)[]) => ({
    names: [name],
    values: of.map((each) => each?.accuracy),
    falling: true,
  });
  const columns: readonly OrderColumn[] = [
    accuracies("accuracy", runs.map(({ scores }) => ranking && scores[ranking.split])),
    ...COMPARED.filter((split) => splits.includes(split)).flatMap((split) => {
      const scores = runs.map(({ scores }) => scores[split]);
      return [
        accuracies(split, scores),
        rising(`${split}.loss`, scores.map((score) => score?.loss)),
      ];
    }),
    rising("parameters", runs.map(({ record }) => record.parameters)),
    rising("epochs", runs.map(({ epochs }) => epochs)),
    rising("time", times),
    rising("run", runs.map(({ run }) => run)),
  ];
  const taken = columns.flatMap(({ names }) => names);
  const short = shortNames(differences.map(({ key }) => key));
  return [
    ...columns,
    ...differences.map(({ key, values }, index) => ({
      names: taken.includes(short[index]) ? [key] : [...new Set([key, short[index]])],
      values: values.map((value) =>
        typeof value === "number" || value === undefined ? value : formatOptionValue(value)
      ),
      falling: false,
    })),
  ];
}
