import type { RunRecord } from "../run/record.ts";

/** Returns the name of a feature: that of its column, or its index from 0. */
export function columnName(columns: readonly string[] | undefined, feature: number): string {
  return columns?.[feature] ?? String(feature);
}

export function inputName(
  { reduction }: RunRecord,
  columns: readonly string[] | undefined,
  index: number,
): string {
  if (reduction !== undefined) return `component ${index + 1}`;
  return columnName(columns, index);
}
