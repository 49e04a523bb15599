import { FILES } from "../run/folder.ts";
import type { RunRecord } from "../run/record.ts";
import type { Observer } from "../train/observation/observer.ts";

/**
 * Returns what an observer stored of a run; undefined if it stored nothing.
 *
 * @throws {SyntaxError} if a field is missing or does not fit
 */
export function observed<Value>(
  { run, observations }: Pick<RunRecord, "run" | "observations">,
  { fields }: Observer<Value>,
): Value | undefined {
  return observations && fields.decode(observations, `"${run}/${FILES.observations}"`);
}
