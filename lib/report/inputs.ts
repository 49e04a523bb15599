import type { RunRecord } from "../run/record.ts";

/** Name of a feature as it was loaded: that of its column, or its number, from 1. */
export function featureName({ observations }: RunRecord, feature: number): string {
  return observations?.data?.columns?.[feature] ?? String(feature + 1);
}

/** Name of what the network sees in a place: a component, or a feature. */
export function inputName(record: RunRecord, place: number): string {
  return record.reduction === undefined ? featureName(record, place) : `component ${place + 1}`;
}
