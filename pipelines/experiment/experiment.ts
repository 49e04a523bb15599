/**
 * Runs an experiment: the stages of a config, in order, into a run folder.
 *
 * The folder's name is derived from the config and the data. A finished run is returned as it is; an
 * unfinished run resumes from its last checkpoint. Files are written atomically, and the manifest, which
 * marks the run as finished, is written last. Errors that can be found before training are reported before
 * the folder is created.
 *
 * @module
 */
import { join } from "@std/path";
import type { Dataset } from "../../lib/data/dataset.ts";
import { replacePathsByHashes } from "../../lib/data/datasets/identity.ts";
import { WorkerError } from "../../lib/engine/workers/connection.ts";
import type { BlasBackend } from "../../lib/engine/blas/blas.ts";
import { observersFor } from "../../lib/observe/mod.ts";
import type { Observer } from "../../lib/train/observation/observer.ts";
import { openLog } from "../../lib/io/log.ts";
import { removeAbandonedClaims } from "../../lib/io/results/claim.ts";
import { findChangedFiles, openRunFolder, readManifest } from "../../lib/io/results/run_folder.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { FILES } from "../../lib/run/folder.ts";
import { runId } from "../../lib/run/identity.ts";
import { runName } from "../../lib/run/names.ts";
import type { DataFile, Manifest } from "../../lib/run/manifest.ts";
import { prettyJson } from "../../lib/run/json.ts";
import type { StageTime } from "../../lib/run/timing.ts";
import { expectResumable } from "../../lib/train/checks.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { divideNodes } from "../../lib/train/ranks/division.ts";
import { buildTraining, fillInClassCount, fillInDetectedOptions } from "./building.ts";
import { stageOptionsOf } from "./read_run.ts";
import type { JointRun } from "./joint_run.ts";
import { checkOrigin, type Origin } from "./origin.ts";
import { trainingPlan } from "./plan.ts";
import { buildRunRecord, listDataFiles, type Results, writeRun } from "./write_run.ts";
import { openReporter, recordFailure, withFreshHint, withResumeHint } from "./reporter.ts";
import { checkStages, runStages, type StageContext, StoppedError } from "./stages.ts";
import type { Artifacts, Prepared } from "./artifacts.ts";
import {
  type ExperimentConfig,
  experimentSchema,
  type OptionsOfStage,
  type StageConfig,
} from "./stage_table.ts";
import type { Detail } from "../cli/options.ts";
import type { View } from "../cli/view.ts";
import { timeTraining } from "./training_time.ts";
import { defined } from "../../lib/config/defined.ts";
import { durationInSeconds } from "../../lib/config/duration.ts";

/** Options of an experiment besides its config: folders, workers, backend, display and origin. */
export interface ExperimentOptions {
  /** Folder in which the run folder is written. */
  readonly output: string;
  /** Folder with the data set's files, used instead of downloads. */
  readonly dataDirectory?: string | undefined;
  /** Folder of downloaded data sets. */
  readonly cacheDirectory: string;
  /** Folder of the config, in which data files are found by the SHA-256 that the config states. */
  readonly configFolder?: string | undefined;
  /**
   * Data files of a finished run. Files are also found at their former paths, and rejected if their SHA-256
   * is another.
   */
  readonly known?: readonly DataFile[] | undefined;
  /** Whether a finished run is trained again. */
  readonly fresh: boolean;
  /** Number of workers. Results depend on it only with a BLAS backend. */
  readonly workers: number;
  /** The BLAS library that computes dense products. Defaults to the exact backend. */
  readonly backend?: BlasBackend | undefined;
  /** The ranks that train the run together. Defaults to this process alone. */
  readonly joint?: JointRun | undefined;
  /** The run whose parameters training starts from. Defaults to initialization from the seed. */
  readonly origin?: Origin | undefined;
  /** Signal that stops the training after the current step, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Display of the progress. */
  readonly view: View;
  /** Function that calls the stage "load", or shares an earlier output. Defaults to a call for each run. */
  readonly loader?: Loader | undefined;
  /** Amount of output; "verbose" also writes debug lines to the log. */
  readonly detail: Detail;
}

/** Options of an experiment that its work before training needs. */
export type PreparationOptions = Omit<ExperimentOptions, "fresh" | "detail">;

/**
 * A function that returns the output of a stage "load": that of `load()`, or that of an earlier call with an
 * equal stage.
 */
export type Loader = (stage: StageConfig, load: () => Promise<Loaded>) => Promise<Loaded>;

/** Output of the stage "load". */
export type Loaded = Pick<Artifacts, "dataset">;

/**
 * Returns the number of end-of-epoch checkpoints to keep, and the time [s] between two checkpoints within an
 * epoch, undefined if none are written there.
 */
function checkpointOptions(
  { checkpoint, keepCheckpoints }: OptionsOfStage<"train">,
): { readonly keep: number; readonly every: number | undefined } {
  const every = checkpoint?.every;
  return {
    keep: checkpoint?.keep ?? keepCheckpoints ?? 1,
    every: every === undefined ? undefined : durationInSeconds(every),
  };
}

/**
 * Returns the name of the backend, as ids and manifests contain it. For a BLAS library it includes the
 * number of workers, on which results depend.
 */
function backendName({ backend, workers }: Pick<ExperimentOptions, "backend" | "workers">): string {
  return backend === undefined ? "exact" : `${backend.name}, workers ${workers}`;
}

/**
 * Runs an experiment, unless it is finished already, and returns the path of its run folder.
 *
 * @param source config of the experiment, as it was read
 * @throws {ClaimedError} if another process works on the run
 * @throws {DivergedError} if numbers are no longer finite; the last finite state is checkpointed
 * @throws {StoppedError} if the signal was aborted
 * @throws {WorkerError} if a worker failed; progress up to the last checkpoint is kept
 */
export async function runExperiment(
  source: ExperimentConfig,
  options: ExperimentOptions,
): Promise<string> {
  const started = new Date();
  const { view, fresh, workers, backend, origin, joint } = options;
  const located = await locateRun(source, options);
  const { config, name, path, stages } = located;
  if (joint?.isSilent) {
    await trainOnOtherRank(located, options, joint);
    return path;
  }
  const first = fresh ? UNFINISHED : await checkEarlierRun(path, view);
  if (first.isFinished) {
    await joint?.agree({ run: name });
    await joint?.begin(undefined);
    return path;
  }
  const { prepared, ahead } = await prepareRun(located, options);
  await joint?.agree({ run: name });

  const pinned = replacePathsByHashes(config, prepared.dataset.hashes);
  const { keep, every } = checkpointOptions(stageOptionsOf(config, "train", name));
  using folder = await openRunFolder(path, {
    fresh,
    keep,
    onWatch: waitingLinePrinter(path, view),
  });
  // another process may have finished the run before this one claimed its folder
  const isNew = !fresh && first.manifest === undefined;
  const before = isNew ? await checkEarlierRun(path, view) : first;
  if (before.isFinished) {
    await joint?.begin(undefined);
    return path;
  }
  const log = openLog(
    (line) => folder.append(FILES.log, line),
    options.detail === "verbose" ? "debug" : "info",
  );
  using reporter = openReporter({ folder, log, view, checkpointInterval: every });
  try {
    const { from: own, best } = await folder.resume({
      manifest: before.manifest,
      check: (from, fromBest) =>
        expectResumable({ ...buildNextTraining(ahead, prepared, config), from, fromBest }),
      onRefused(message) {
        log.warning(message);
        view.print(`${message}: continuing without it`);
      },
    });
    const from = own ?? origin?.checkpoint;
    log.info("run started", {
      run: path,
      step: from?.position.step ?? 0,
      workers,
      backend: backendName(options),
      ...defined({ origin: origin?.run, ranks: joint?.ranks.size }),
      ...backend?.description,
    });
    view.showPlan(() =>
      trainingPlan(config, prepared, {
        workers,
        backend: backend?.name ?? "exact",
        ranks: joint?.ranks.size,
      })
    );
    if (backend !== undefined) view.print(describeBackend(backend));
    if (own !== undefined) view.print(`resuming from step ${own.position.step} of ${path}`);
    else if (origin !== undefined) view.print(`starting from the ${origin.kind} of ${origin.run}`);
    await folder.write(FILES.config, prettyJson(pinned));
    const fromBest = best ?? origin?.best;
    const initial = origin?.model.parameters;
    await joint?.begin({ from, fromBest });
    const timed = timeTraining({ ...reporter, from });
    const context = { ...stageContext(config, options), ...reporter, ...timed.context };
    const begun = { initial, from, fromBest };
    const artifacts = await runStages(ahead, prepared, { ...context, ...begun }, stages) as Results;
    await reporter.settle();
    await writeRun(
      folder,
      buildRunRecord(name, pinned, artifacts, origin),
      {
        model: artifacts.model.model,
        data: listDataFiles(artifacts.dataset),
        backend: backendName(options),
        backendFacts: backend?.facts,
        workers,
        started,
        timing: { stages, training: timed.time(), ...defined({ link: joint?.link }) },
        log,
      },
    );
  } catch (error) {
    const reason = await reporter.settle().then(() => error, (unwritten) => unwritten);
    await recordFailure(reason, folder, log);
    throw reason instanceof WorkerError ? await withResumeHint(reason, folder) : reason;
  }
  return path;
}

/**
 * Trains a run as a rank other than 0, together with rank 0, which also evaluates the network and writes the
 * run.
 */
async function trainOnOtherRank(
  located: LocatedRun,
  options: ExperimentOptions,
  joint: JointRun,
): Promise<void> {
  const { config, name, stages } = located;
  const { prepared, ahead: [training] } = await prepareRun(located, options);
  await joint.agree({ run: name });
  const begun = await joint.begin();
  if (begun === undefined) return;
  const initial = options.origin?.model.parameters;
  const { observers: _, ...context } = stageContext(config, options); // rank 0 observes
  await runStages([training], prepared, { ...context, initial, ...begun }, stages);
}

/** A run whose data is loaded. The name of its folder, which depends on the data, is therefore known. */
interface LocatedRun {
  /** Config of the run, with the number of classes and detected options filled in. */
  readonly config: ExperimentConfig;
  /** Name of the run and its folder: the config's name and the run's id. */
  readonly name: string;
  /** Path of the run folder, which may not exist yet. */
  readonly path: string;
  readonly loaded: Loaded;
  /** Times of the stages that have run. Those of later stages are appended. */
  readonly stages: StageTime[];
}

/**
 * Loads the data of a run and derives the name of the run's folder from data and config. Creates no folder.
 *
 * @param source config of the run, as it was read
 * @throws {StoppedError} if the signal was aborted
 */
export async function locateRun(
  source: ExperimentConfig,
  options: PreparationOptions,
): Promise<LocatedRun> {
  const { signal, loader = (_, load) => load() } = options;
  const stages: StageTime[] = [];
  // the order of stages was checked with the config: `load` is first, since only it needs nothing
  const stage = source.pipeline[0];
  const load = () =>
    runStages([stage], {}, stageContext(source, options), stages) as Promise<Loaded>;
  const loaded = await rejectWhenStopped(loader(stage, load), signal);
  const { dataset } = loaded;
  const config = fillInClassCount(fillInDetectedOptions(source, dataset), dataset.classes.length);
  const name = runName(config.name, deriveRunId(config, dataset, options));
  return { config, name, path: join(options.output, name), loaded, stages };
}

/**
 * Runs the stages between "load" and "train", and checks that the later stages can run on their output.
 * Returns this output, `prepared`, and the later stages, `ahead`, of which the first is "train".
 *
 * @throws {RangeError} if a later stage cannot run on the data, or training cannot start from the origin
 */
export async function prepareRun(
  { config, loaded, stages }: LocatedRun,
  options: PreparationOptions,
): Promise<{ readonly prepared: Prepared; readonly ahead: readonly StageConfig[] }> {
  const rest = config.pipeline.slice(1);
  const training = rest.findIndex(({ stage }) => stage === "train");
  const [before, ahead] = [rest.slice(0, training), rest.slice(training)];
  const context = stageContext(config, options);
  const prepared = await runStages(before, loaded, context, stages) as Prepared;
  checkStages(ahead, prepared);
  if (options.joint !== undefined) {
    const { shards, batchSize } = stageOptionsOf(config, "train", config.name);
    divideNodes(shards ?? 1, options.joint.ranks.size, batchSize); // throws if it cannot
  }
  if (options.origin !== undefined) {
    checkOrigin(options.origin, buildNextTraining(ahead, prepared, config));
  }
  return { prepared, ahead };
}

/** Builds the options of `fit()` from the first of the stages ahead, which is the stage "train". */
function buildNextTraining(
  ahead: readonly StageConfig[],
  prepared: Prepared,
  { seed }: ExperimentConfig,
): FitOptions {
  const [{ stage: _, ...train }] = ahead as [Extract<StageConfig, { readonly stage: "train" }>];
  return { ...buildTraining(train, prepared), seed };
}

/**
 * Loads the data of a config and runs all stages before "train". Returns their output and options of `fit()`.
 */
export async function prepareTraining(
  source: ExperimentConfig,
  options: PreparationOptions,
): Promise<{ readonly prepared: Prepared; readonly training: FitOptions }> {
  const located = await locateRun(source, options);
  const { config } = located;
  const { prepared } = await prepareRun(located, options);
  const { stage: _, ...train } = stageOptionsOf(config, "train", config.name);
  const { seed } = config;
  return { prepared, training: { ...buildTraining(train, prepared), seed } };
}

/** Formats the name and path of a BLAS library, and the note that results depend on it. */
function describeBackend({ name, description: { path } }: BlasBackend): string {
  return `${name} (${path}): results depend on it and on the number of workers`;
}

/**
 * Returns the observers that record what the panels of a config's report need, or an empty list if the config
 * has no stage "report".
 */
function reportObservers({ pipeline }: ExperimentConfig): readonly Observer[] {
  const report = pipeline.find((stage) => stage.stage === "report");
  return report === undefined ? [] : observersFor(report.panels);
}

/**
 * Returns the context of stages, such as seed, folders and workers, from the config and the options of an
 * experiment.
 */
function stageContext(
  config: ExperimentConfig,
  options: PreparationOptions,
): StageContext {
  const { dataDirectory, cacheDirectory, configFolder, known, workers, backend, signal, view } =
    options;
  const { joint } = options;
  return {
    seed: config.seed,
    observers: reportObservers(config),
    dataDirectory,
    cacheDirectory,
    configFolder,
    known,
    workers,
    backend,
    ranks: joint?.ranks,
    signal,
    onLoad: (progress) => view.showDownload(progress),
    onPicture: (progress) => view.showPictures(progress),
  };
}

/**
 * Returns the result of some work. Rejects with a StoppedError as soon as the signal is aborted; the work
 * itself is not stopped.
 */
async function rejectWhenStopped<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new StoppedError("Loading was stopped"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Derives the id of a run from its config, data, backend and origin. */
function deriveRunId(
  config: ExperimentConfig,
  { hashes }: Dataset,
  options: Pick<ExperimentOptions, "backend" | "workers" | "origin">,
): string {
  const schema = experimentSchema();
  const { origin } = options;
  const backend = backendName(options);
  return runId({ config, schema, backend, data: hashes, origin: origin?.sha256 });
}

/** State in which an earlier process left a run. */
interface EarlierRun {
  /** Whether the run is finished and all its files have the hashes in its manifest. */
  readonly isFinished: boolean;
  /** Manifest of a run that was finished, also if files have changed since. */
  readonly manifest?: Manifest;
}

const UNFINISHED: EarlierRun = { isFinished: false };

/**
 * Checks whether the run at a path is finished and its files are unchanged, and shows the result. If files
 * were changed, prints their names and returns that the run is not finished, so that it is trained again.
 *
 * @param path path of the run folder, which may not exist
 */
export async function checkEarlierRun(
  path: string,
  view: Pick<View, "showFinishedRun" | "print">,
): Promise<EarlierRun> {
  const manifest = await withFreshHint(() => readManifest(path));
  if (manifest === undefined) return UNFINISHED;
  const changed = await findChangedFiles(manifest, path);
  if (changed.length === 0) {
    await removeAbandonedClaims(path);
    view.showFinishedRun(path);
  } else {view.print(
      `running again, since files of the finished run changed: ${changed.join(", ")}`,
    );}
  return { isFinished: changed.length === 0, manifest };
}

/**
 * Returns a function that prints that the run at a path waits for another process. Its argument, `patience`,
 * is the longest time of the wait [ms].
 */
export function waitingLinePrinter(
  path: string,
  { print }: Pick<View, "print">,
): (patience: number) => void {
  return (patience) =>
    print(
      `${path} is claimed by another process: ` +
        `waiting ${formatDuration(patience)} to see whether that process is still running`,
    );
}
