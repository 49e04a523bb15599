import type { Problem } from "./messages/problem.ts";

/** A stage of a config, with any options. */
interface AnyStage {
  readonly stage: string;
}

/**
 * Returns a problem for each stage of a config that evaluates the validation split, if no stage holds out
 * samples for it. Returns an empty list otherwise.
 */
export function findMissingValidationProblems(
  { pipeline }: { readonly pipeline: readonly AnyStage[] },
): readonly Problem[] {
  const heldOut = pipeline.some((stage) =>
    stage.stage === "split" && ("validation" in stage && stage.validation !== 0 || "folds" in stage)
  );
  return heldOut
    ? []
    : pipeline.flatMap((stage, index) =>
      "on" in stage && Array.isArray(stage.on) && stage.on.includes("validation")
        ? [{
          path: ["pipeline", index, "on"],
          message: 'expected existing splits: received "validation", but no data is held out: ' +
            'set "validation" in the stage "split", or name other splits',
        }]
        : []
    );
}

/** Returns a problem if a config has both a sweep and an ensemble, and an empty list otherwise. */
export function findSweepAndEnsembleProblems(
  { sweep, ensemble }: { readonly sweep?: unknown; readonly ensemble?: unknown },
): readonly Problem[] {
  if (sweep === undefined || ensemble === undefined) return [];
  const message = 'expected "sweep" or "ensemble": received both';
  return [{ path: ["ensemble"], message }];
}
