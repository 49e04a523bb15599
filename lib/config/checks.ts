import type { Problem } from "./messages/problem.ts";

/** A stage of a config, with any options. */
interface AnyStage {
  readonly stage: string;
}

/**
 * Returns a problem for each stage that evaluates the validation split although no stage holds out samples
 * for it.
 */
export function findMissingValidation(
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

/** Returns a problem if a config describes both a sweep and an ensemble. */
export function findSweepWithEnsemble(
  { sweep, ensemble }: { readonly sweep?: unknown; readonly ensemble?: unknown },
): readonly Problem[] {
  if (sweep === undefined || ensemble === undefined) return [];
  const message = 'expected "sweep" or "ensemble": received both';
  return [{ path: ["ensemble"], message }];
}
