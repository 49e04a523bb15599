/**
 * The record of a run: what its readers see, of what its stages gave.
 *
 * @module
 */
import type { Reduction } from "../lib/data/dataset.ts";
import type { ReductionRecord, RunOrigin, RunRecord } from "../lib/run/record.ts";
import type { Artifacts } from "./stages.ts";

/** What the stages of a run have given: a pipeline need not evaluate. */
export type Results = Omit<Artifacts, "evaluations"> & Partial<Pick<Artifacts, "evaluations">>;

/** The record of a run. */
export function recordOf(
  run: string,
  config: unknown,
  { dataset, model, evaluations }: Results,
  origin: RunOrigin | undefined,
): RunRecord {
  const { deformed } = model;
  const { reduction } = model.model.normalization;
  return {
    run,
    config,
    classes: dataset.classes,
    parameters: model.learned,
    ...model.history,
    ...(evaluations ?? { evaluations: [], galleries: [] }),
    ...(reduction === undefined ? {} : { reduction: reductionRecord(reduction) }),
    ...(deformed === undefined ? {} : { deformed }),
    ...(dataset.note === undefined ? {} : { note: dataset.note }),
    ...(origin === undefined ? {} : { origin: originOf(origin) }),
  };
}

function reductionRecord({ name, scale, variances }: Reduction): ReductionRecord {
  return { name, kept: scale.length, variances };
}

function originOf({ run, kind, sha256 }: RunOrigin): RunOrigin {
  return { run, kind, sha256 };
}
