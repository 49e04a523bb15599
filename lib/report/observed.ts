import { FILES } from "../run/folder.ts";
import { type StoredValue, valueIn } from "../run/observations.ts";
import type { RunRecord } from "../run/record.ts";

/**
 * Returns a value that was observed during the training of a run, such as the distributions of its weights.
 * Returns undefined if the run has no such value.
 *
 * @param observer the observer, or another description of the names and types of its stored fields
 * @throws {SyntaxError} if a field is missing or invalid
 */
export function observedValue<Value>(
  { run, observations }: Pick<RunRecord, "run" | "observations">,
  observer: StoredValue<Value>,
): Value | undefined {
  return observations && valueIn(observations, observer, `"${run}/${FILES.observations}"`);
}
