import { FILES } from "../run/folder.ts";
import { type StoredValue, valueIn } from "../run/observations.ts";
import type { RunRecord } from "../run/record.ts";

/**
 * Returns what an observer stored of a run; undefined if it stored nothing.
 *
 * @throws {SyntaxError} if a field is missing or does not fit
 */
export function observed<Value>(
  { run, observations }: Pick<RunRecord, "run" | "observations">,
  value: StoredValue<Value>,
): Value | undefined {
  return observations && valueIn(observations, value, `"${run}/${FILES.observations}"`);
}
