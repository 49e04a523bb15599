/**
 * Runs the stages of a config, one after the other, each on what those before it gave.
 *
 * @module
 */
import type { StageTime } from "../../lib/run/timing.ts";
import { type Artifacts, type Context, type Prepared, stages } from "./stages.ts";
import type { StageConfig } from "./stage_table.ts";

/** Runs stages; returns what they gave, with what was there before. */
export async function runStages(
  configs: readonly StageConfig[],
  given: Partial<Artifacts>,
  context: Context,
  times: StageTime[],
): Promise<Partial<Artifacts>> {
  let artifacts = given;
  for (const { stage, ...options } of configs) {
    const begun = performance.now();
    const { run } = anyStage(stage);
    // What it needs was checked with the order of the stages
    artifacts = { ...artifacts, ...await run(options, artifacts as Artifacts, context) };
    times.push({ stage, milliseconds: Math.round(performance.now() - begun) });
  }
  return artifacts;
}

/**
 * Checks what stages will find when their time comes.
 *
 * @throws {RangeError} if one of them could not run on the data
 */
export function checkStages(configs: readonly StageConfig[], prepared: Prepared): void {
  for (const { stage, ...options } of configs) anyStage(stage).check?.(options, prepared);
}

/** A stage, for options that were checked against its own schema. */
interface AnyStage {
  check?(options: unknown, prepared: Prepared): void;
  run(
    options: unknown,
    input: Artifacts,
    context: Context,
  ): Promise<Partial<Artifacts>> | Partial<Artifacts>;
}

function anyStage(name: StageConfig["stage"]): AnyStage {
  return stages[name] as AnyStage;
}
