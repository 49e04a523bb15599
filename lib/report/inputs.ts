import type { RunRecord } from "../run/record.ts";

/** Name of a feature as it was loaded: that of its column, or its number, counted from 0 as rows are. */
export function columnName(columns: readonly string[] | undefined, feature: number): string {
  return columns?.[feature] ?? String(feature);
}

export function inputName(
  { reduction }: RunRecord,
  columns: readonly string[] | undefined,
  place: number,
): string {
  if (reduction !== undefined) return `component ${place + 1}`;
  return columnName(columns, place);
}
