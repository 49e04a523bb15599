import type { Problem } from "./messages/problem.ts";

interface AnyStage {
  readonly stage: string;
}

/** Checks that the validation split is evaluated only if an earlier stage holds out data for it. */
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

/** Checks that a config does not describe both a sweep and an ensemble. */
export function findSweepWithEnsemble(
  { sweep, ensemble }: { readonly sweep?: unknown; readonly ensemble?: unknown },
): readonly Problem[] {
  if (sweep === undefined || ensemble === undefined) return [];
  const message = 'expected "sweep" or "ensemble": received both';
  return [{ path: ["ensemble"], message }];
}
