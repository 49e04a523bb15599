import type { Dataset } from "../../lib/data/dataset.ts";
import type { Backend } from "../../lib/engine/backend.ts";
import type { Log } from "../../lib/io/log.ts";
import type { RunFolder } from "../../lib/io/results/run_folder.ts";
import { describeEnvironment } from "../../lib/io/environment.ts";
import { drawings } from "../../lib/report/mod.ts";
import { drawEnvironment } from "../../lib/report/environment/environment.ts";
import { encodeRun, FILES } from "../../lib/run/folder.ts";
import { FORMAT_VERSION } from "../../lib/run/identity.ts";
import { encodeManifest, hashFiles, type Manifest } from "../../lib/run/manifest.ts";
import { encodeModel, type Model } from "../../lib/run/model.ts";
import type { RunOrigin, RunRecord } from "../../lib/run/record.ts";
import { encodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import { observeData } from "../../lib/observe/mod.ts";
import {
  mergeObservations,
  NO_OBSERVATIONS,
  type Observations,
} from "../../lib/run/observations.ts";
import type { Artifacts } from "./artifacts.ts";
import { defined } from "../../lib/config/defined.ts";

/** The artifacts of all stages of a run. Evaluations are missing if the pipeline has no stage "evaluate". */
export type Results = Omit<Artifacts, "evaluations"> & Partial<Pick<Artifacts, "evaluations">>;

/** The part of a config that this module reads: the names of its stages. */
interface ConfigWithStages {
  readonly pipeline: readonly { readonly stage: string }[];
}

/** Returns whether a config has a stage "report", so that its data and network must be observed. */
export function isReported({ pipeline }: ConfigWithStages): boolean {
  return pipeline.some(({ stage }) => stage === "report");
}

/**
 * Builds the record of a run from the artifacts of all its stages. The files and the report of the run are
 * made from this record.
 *
 * @param run name of the run
 * @param origin run that training started from, if any
 */
export function buildRunRecord(
  run: string,
  config: ConfigWithStages,
  results: Results,
  origin: RunOrigin | undefined,
): RunRecord {
  const { dataset, model, evaluations: { evaluations, galleries } = NO_EVALUATIONS } = results;
  const { augmented } = model;
  const { reduction } = model.model.normalization;
  return {
    run,
    config,
    classes: dataset.classes,
    parameters: model.learned,
    ...model.history,
    evaluations,
    galleries,
    ...defined({
      reduction: reduction && {
        name: reduction.name,
        kept: reduction.scale.length,
        variances: reduction.variances,
      },
      augmented,
      observations: isReported(config) ? collectObservations(results) : undefined,
      note: dataset.note,
      origin: origin && { run: origin.run, kind: origin.kind, sha256: origin.sha256 },
    }),
  };
}

/** Output of the stage "evaluate" in a pipeline without it. */
const NO_EVALUATIONS: Artifacts["evaluations"] = {
  evaluations: [],
  galleries: [],
  observations: NO_OBSERVATIONS,
};

/** Merges the observations of data, training and evaluation. */
function collectObservations(
  { dataset, splits, model, evaluations: { observations } = NO_EVALUATIONS }: Results,
): Observations {
  return mergeObservations(observeData(dataset, splits), model.observations, observations);
}

/** Returns the name, SHA-256 and, if known, path of each file of a data set, for the manifest. */
export function listDataFiles({ hashes, places = {} }: Dataset): Manifest["data"] {
  return hashes.map(({ file, sha256 }) => ({ file, sha256, ...defined({ path: places[file] }) }));
}

/** What the files of a run contain besides the record. */
interface RunFacts {
  /** The trained model. An ensemble has no model of its own. */
  readonly model?: Model;
  /** Data files that the run was trained on. */
  readonly data: Manifest["data"];
  /** Name of the backend, as in the manifest: "exact". */
  readonly backend: string;
  /** Facts about the backend, such as the version of a library, for manifest and environment. */
  readonly backendFacts?: Backend["facts"] | undefined;
  readonly workers: number;
  /** Time at which the run was started or last resumed. */
  readonly started: Date;
  readonly timing: RunTiming;
  readonly log: Log;
}

/**
 * Writes the files of a run: results and model, then the report, and last the manifest, which marks the run
 * as finished. If the report cannot be drawn, the run is finished without it.
 *
 * @throws {Error} if the report could not be drawn, after everything else was written
 */
export async function writeRun(
  folder: RunFolder,
  record: RunRecord,
  facts: RunFacts,
): Promise<void> {
  const { model, data, backend, backendFacts, workers, started, timing, log } = facts;
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ...encodeRun(record),
    ...(model === undefined ? [] : [[FILES.model, encodeModel(model)] as const]),
  ]);
  const write = async (files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) => {
    for (const [name, content] of files) await folder.write(name, content);
  };
  await write(files);
  const report = isReported(record.config as ConfigWithStages)
    ? drawOrReturnError(record)
    : new Map();
  const drawn = new Map(report instanceof Error ? [] : report);
  await write(drawn);
  const times = { started: started.toISOString(), finished: new Date().toISOString() };
  const around = { ...describeEnvironment(workers, backendFacts), ...times };
  await folder.write(FILES.timing, encodeTiming(timing));
  await folder.write(FILES.environment, drawEnvironment(record.run, { ...around, timing }));
  const hashed = new Map([...files, ...drawn, ...await folder.settleCheckpoints()]);
  const about = { run: record.run, format: FORMAT_VERSION, backend, ...around, data };
  log.info("run finished", { run: folder.path }); // the last line: a finished run is not opened again
  await folder.write(FILES.manifest, encodeManifest({ ...about, files: hashFiles(hashed) }));
  if (report instanceof Error) {
    throw new Error(
      `${report.message}: the run "${folder.path}" is finished; the command "report" draws it again`,
      { cause: report },
    );
  }
}

/** Draws the report of a run, or returns the error if that fails. */
function drawOrReturnError(record: RunRecord): ReturnType<typeof reportFiles> | Error {
  try {
    return reportFiles(record);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Draws the report of a run and its charts, and returns the content of each SVG file by its path in the run
 * folder.
 *
 * @param panels names of the panels to draw. Defaults to all for which the record has data
 * @throws {Error} if the report cannot be drawn: the record may come from files written by others
 */
export function reportFiles(
  record: RunRecord,
  panels?: readonly string[],
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const { report, charts } = drawReport(record, panels);
  return new Map([
    [FILES.report, utf8(report)],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, utf8(svg)] as const),
  ]);
}

/** Draws the report of a run and its charts; errors name the run. */
function drawReport(record: RunRecord, panels?: readonly string[]): ReturnType<typeof drawings> {
  try {
    return drawings(record, panels);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const Kind = [SyntaxError, RangeError, TypeError].find((kind) => cause instanceof kind) ??
      Error;
    throw new Kind(`Cannot draw the report of "${record.run}": ${cause.message}`, { cause });
  }
}
