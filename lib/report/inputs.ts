import type { RunRecord } from "../run/record.ts";

/**
 * Returns the name of a feature by its index: the name of its column, or the index itself if columns have no
 * names.
 */
export function columnName(columns: readonly string[] | undefined, feature: number): string {
  return columns?.[feature] ?? String(feature);
}

/**
 * Returns the name of a network's input by its index from 0: "component 1" if the features were reduced, or
 * else the name of the feature. `columns` are the names of the features, if they have any.
 */
export function inputName(
  { reduction }: RunRecord,
  columns: readonly string[] | undefined,
  index: number,
): string {
  if (reduction !== undefined) return `component ${index + 1}`;
  return columnName(columns, index);
}
