import { FILES } from "../run/folder.ts";
import { type StoredValue, valueIn } from "../run/observations.ts";
import type { RunRecord } from "../run/record.ts";

/**
 * Returns a value that was observed during the training of a run, such as the distributions of its weights.
 * Returns undefined if the run has no such value.
 *
 * @param stored the observer of the value, which describes its fields in observations.safetensors
 * @throws {SyntaxError} if a field is missing or invalid
 */
export function observedValue<Value>(
  { run, observations }: Pick<RunRecord, "run" | "observations">,
  stored: StoredValue<Value>,
): Value | undefined {
  return observations && valueIn(observations, stored, `"${run}/${FILES.observations}"`);
}
