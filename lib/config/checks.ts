/**
 * Rules about several parts of a config at once.
 *
 * @module
 */
import type { Problem } from "./problem.ts";

/** What the rules look at in a stage: its name, and any options. */
export interface AnyStage {
  /** The stage's name. */
  readonly stage: string;
}

/** A stage that evaluates may name the validation part only if one before it holds some data out. */
export function validationExists(
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
          message: 'expected parts that exist: received "validation", but no data is held out: ' +
            'set "validation" in the stage "split", or name other parts',
        }]
        : []
    );
}
