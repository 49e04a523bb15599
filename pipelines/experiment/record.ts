/**
 * The record of a run: what its readers see, of what its stages gave.
 *
 * @module
 */
import type { Reduction } from "../../lib/data/dataset.ts";
import { observeData } from "../../lib/observe/mod.ts";
import {
  mergeObservations,
  NO_OBSERVATIONS,
  type Observations,
} from "../../lib/run/observations.ts";
import type { ReductionRecord, RunOrigin, RunRecord } from "../../lib/run/record.ts";
import type { Artifacts } from "./stages.ts";
import { defined } from "../../lib/config/defined.ts";

/** What the stages of a run have given: a pipeline need not evaluate. */
export type Results = Omit<Artifacts, "evaluations"> & Partial<Pick<Artifacts, "evaluations">>;

/** The part of a config that says what is done. */
export interface Reporting {
  /** The stages. */
  readonly pipeline: readonly { readonly stage: string }[];
}

/** Whether a report is drawn, for whose readers data and network are looked at. */
export function isReported({ pipeline }: Reporting): boolean {
  return pipeline.some(({ stage }) => stage === "report");
}

/** The record of a run. */
export function recordOf(
  run: string,
  config: Reporting,
  results: Results,
  origin: RunOrigin | undefined,
): RunRecord {
  const { dataset, model, evaluations: { evaluations, galleries } = NOTHING } = results;
  const { deformed } = model;
  const { reduction } = model.model.normalization;
  return {
    run,
    config,
    classes: dataset.classes,
    parameters: model.learned,
    ...model.history,
    evaluations,
    galleries,
    ...(reduction === undefined ? {} : { reduction: reductionRecord(reduction) }),
    ...defined({ deformed }),
    ...(isReported(config) ? { observations: observationsOf(results) } : {}),
    ...(dataset.note === undefined ? {} : { note: dataset.note }),
    ...(origin === undefined ? {} : { origin: originOf(origin) }),
  };
}

/** What a pipeline that does not evaluate has given of evaluations. */
const NOTHING: Artifacts["evaluations"] = {
  evaluations: [],
  galleries: [],
  observations: NO_OBSERVATIONS,
};

function observationsOf(
  { dataset, parts, model, evaluations: { observations } = NOTHING }: Results,
): Observations {
  return mergeObservations(observeData(dataset, parts), model.observations, observations);
}

function reductionRecord({ name, scale, variances }: Reduction): ReductionRecord {
  return { name, kept: scale.length, variances };
}

function originOf({ run, kind, sha256 }: RunOrigin): RunOrigin {
  return { run, kind, sha256 };
}
