/**
 * The order of the runs of a comparison: by any column of its tables.
 *
 * @module
 */
import type { Comparison } from "./comparison.ts";
import { COMPARED } from "../sweep/model.ts";
import { shortNames } from "../sweep/names.ts";
import { folderOf, shownValue } from "./names.ts";

/** What runs can be ordered by. */
export interface OrderColumn {
  /** What it is called; any of these names it. */
  readonly names: readonly string[];
  /** The value of each run. */
  readonly values: readonly (number | string | undefined)[];
  /** Whether the largest come first, as accuracies do. */
  readonly falling: boolean;
}

/**
 * The columns by which runs can be ordered.
 *
 * @param times of the runs in milliseconds, as far as they are known
 */
export function orderColumns(
  { runs, differences, part }: Comparison,
  times: readonly (number | undefined)[],
): readonly OrderColumn[] {
  const rising = (name: string, values: OrderColumn["values"]): OrderColumn => ({
    names: [name],
    values,
    falling: false,
  });
  const summaryOf = (place: number, of: typeof part) =>
    of === undefined ? undefined : runs[place]?.results.get(of)?.summary;
  const accuracies = (of: typeof part) =>
    runs.map((_, place) => summaryOf(place, of)?.accuracy ?? undefined);
  const short = shortNames(differences.map(({ key }) => key));
  const columns: readonly OrderColumn[] = [
    { names: ["accuracy"], values: accuracies(part), falling: true },
    ...COMPARED.flatMap((of) => [
      { names: [of], values: accuracies(of), falling: true },
      rising(`${of}.loss`, runs.map((_, place) => summaryOf(place, of)?.loss ?? undefined)),
    ]),
    rising("parameters", runs.map(({ record }) => record.parameters)),
    rising("epochs", runs.map(({ record }) => record.epochs.length)),
    rising("time", times),
    rising("run", runs.map(folderOf)),
  ];
  const taken = columns.flatMap(({ names }) => names);
  return [
    ...columns,
    ...differences.map(({ key, values }, index): OrderColumn => {
      const shorter = short[index];
      return {
        names: taken.includes(shorter) || shorter === key ? [key] : [key, shorter],
        values: values.map((value) =>
          typeof value === "number" || value === undefined ? value : shownValue(value)
        ),
        falling: false,
      };
    }),
  ];
}

/**
 * The places of the runs in the order of a column; equals in their order, those without a value last.
 *
 * @param reverse whether the worst or highest come first
 */
export function orderBy({ values, falling }: OrderColumn, reverse = false): readonly number[] {
  const sign = falling === reverse ? 1 : -1;
  return values.map((_, place) => place).sort((a, b) => {
    const [one, other] = [values[a], values[b]];
    if (one === undefined || other === undefined) {
      return Number(one === undefined) - Number(other === undefined);
    }
    if (typeof one === typeof other) return one === other ? 0 : one < other ? -sign : sign;
    return typeof one === "number" ? -sign : sign; // numbers before words
  });
}
