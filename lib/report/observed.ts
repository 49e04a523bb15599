import { FILES } from "../run/folder.ts";
import { type StoredValue, valueIn } from "../run/observations.ts";
import type { RunRecord } from "../run/record.ts";

/**
 * Returns the value that an observer stored in a run's observations.safetensors; undefined if it stored none.
 *
 * @param value the observer, which knows the names and types of the stored fields
 * @throws {SyntaxError} if a field is missing or invalid
 */
export function observedValue<Value>(
  { run, observations }: Pick<RunRecord, "run" | "observations">,
  value: StoredValue<Value>,
): Value | undefined {
  return observations && valueIn(observations, value, `"${run}/${FILES.observations}"`);
}
