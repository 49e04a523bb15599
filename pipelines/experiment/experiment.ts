/**
 * Runs an experiment: the stages of a config, one after the other, into a run folder.
 *
 * The folder's name follows from the config and the data. A finished run is returned as it is; an
 * unfinished one goes on from its last checkpoint; files are written whole or not at all, and the
 * manifest, which marks the run as finished, is the last. What can be known to be wrong before
 * training is found before the folder is made.
 *
 * @module
 */
import { join } from "@std/path";
import type { Dataset } from "../../lib/data/dataset.ts";
import { withHashes } from "../../lib/data/datasets/identity.ts";
import { WorkerError } from "../../lib/engine/workers/connection.ts";
import type { BlasBackend } from "../../lib/engine/blas/blas.ts";
import { observers } from "../../lib/observe/mod.ts";
import { openLog } from "../../lib/io/log.ts";
import { removeAbandonedClaims } from "../../lib/io/results/claim.ts";
import { changesSince, openRunFolder, readManifest } from "../../lib/io/results/run_folder.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { FILES } from "../../lib/run/folder.ts";
import { runId } from "../../lib/run/identity.ts";
import { runName } from "../../lib/run/names.ts";
import type { DataFile, Manifest } from "../../lib/run/manifest.ts";
import { prettyJson } from "../../lib/run/json.ts";
import type { StageTime } from "../../lib/run/timing.ts";
import { expectCheckpoint } from "../../lib/train/checks.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { trainingOf, withClasses, withFound } from "./building.ts";
import { optionsOf } from "./read_run.ts";
import { expectOrigin, type Origin } from "./origin.ts";
import { trainingPlan } from "./plan.ts";
import { dataFilesOf, isReported, recordOf, type Results, writeRun } from "./write_run.ts";
import { openReporter, takeDown, withAdvice, withWayOn } from "./reporter.ts";
import { checkStages, type Context, runStages, StoppedError } from "./stages.ts";
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
import { secondsOf } from "../../lib/config/duration.ts";

export interface ExperimentOptions {
  readonly output: string;
  /** Where data is looked for in place of the network. */
  readonly dataDirectory?: string | undefined;
  readonly cacheDirectory: string;
  /** Folder of the config, which may hold the data. */
  readonly configFolder?: string | undefined;
  /** The files of a run that was made with the data, which alone are loaded. */
  readonly known?: readonly DataFile[] | undefined;
  /** Whether a run that exists is made again. */
  readonly fresh: boolean;
  /** How many workers share the work; the results do not depend on it, unless the backend's do. */
  readonly workers: number;
  /** The library that computes dense products; the engine, exactly, if there is none. */
  readonly backend?: BlasBackend | undefined;
  /** The run that this one begins from; from the seed if there is none. */
  readonly origin?: Origin | undefined;
  /** When aborted, training ends after the current step, with a checkpoint. */
  readonly signal: AbortSignal;
  readonly view: View;
  /** Loads what a stage loads, by way of which several runs share it; the stage itself if not given. */
  readonly loader?: Loader | undefined;
  readonly detail: Detail;
}

export type PreparationOptions = Omit<ExperimentOptions, "fresh" | "detail">;

/** Has a stage load its data, or gives what the same stage has loaded before. */
export type Loader = (stage: StageConfig, load: () => Promise<Loaded>) => Promise<Loaded>;

export type Loaded = Pick<Artifacts, "dataset">;

/** Returns how many checkpoints are kept, and after how many seconds one is written within an epoch. */
function checkpointsOf(
  { checkpoint, keepCheckpoints }: OptionsOfStage<"train">,
): { readonly keep: number; readonly every: number | undefined } {
  const every = checkpoint?.every;
  return {
    keep: checkpoint?.keep ?? keepCheckpoints ?? 1,
    every: every === undefined ? undefined : secondsOf(every),
  };
}

/** Who computes, as ids and manifests say it. Only exact bits are the same for any number of workers. */
function backendName({ backend, workers }: Pick<ExperimentOptions, "backend" | "workers">): string {
  return backend === undefined ? "exact" : `${backend.name}, workers ${workers}`;
}

/**
 * Runs an experiment and returns the path of its folder.
 *
 * @throws {DivergedError} if numbers are no longer finite; the last good state is checkpointed
 * @throws {StoppedError} if it was stopped
 * @throws {WorkerError} if a worker has failed or ended; what came before is in the last checkpoint
 */
export async function runExperiment(
  given: ExperimentConfig,
  options: ExperimentOptions,
): Promise<string> {
  const started = new Date();
  const { view, fresh, workers, backend, origin } = options;
  const located = await locateRun(given, options);
  const { config, name, path, stages } = located;
  const before = fresh ? UNFINISHED : await finishedBefore(path, view);
  if (before.isFinished) return path;
  const { prepared, ahead } = await prepareRun(located, options);

  const pinned = withHashes(config, prepared.dataset.hashes);
  const { keep, every } = checkpointsOf(optionsOf(config, "train", name));
  using folder = await openRunFolder(path, { fresh, keep, onWatch: watchLine(path, view) });
  const log = openLog(
    (line) => folder.append(FILES.log, line),
    options.detail === "verbose" ? "debug" : "info",
  );
  using reporter = openReporter({ folder, log, view, every });
  try {
    const { from: own, best } = await folder.resume({
      manifest: before.manifest,
      check: (from, fromBest) =>
        expectCheckpoint({ ...trainingIn(ahead, prepared, config), from, fromBest }),
      onRefused(message) {
        log.warning(message);
        view.print(`${message}: going on without it`);
      },
    });
    const from = own ?? origin?.checkpoint;
    log.info("run started", {
      run: path,
      step: from?.position.step ?? 0,
      workers,
      backend: backendName(options),
      ...defined({ origin: origin?.run }),
      ...backend?.description,
    });
    view.begins(() =>
      trainingPlan(config, prepared, { workers, backend: backend?.name ?? "exact" })
    );
    if (backend !== undefined) view.print(backendLine(backend));
    if (own !== undefined) view.print(`going on from step ${own.position.step} of ${path}`);
    else if (origin !== undefined) view.print(`beginning from the ${origin.kind} of ${origin.run}`);
    await folder.write(FILES.config, prettyJson(pinned));
    const fromBest = best ?? origin?.best;
    const initial = origin?.model.parameters;
    const timed = timeTraining({ ...reporter, from });
    const context = { ...contextOf(config, options), ...reporter, ...timed.context };
    const begun = { initial, from, fromBest };
    const artifacts = await runStages(ahead, prepared, { ...context, ...begun }, stages) as Results;
    await reporter.settle();
    await writeRun(
      folder,
      recordOf(name, pinned, artifacts, origin),
      {
        model: artifacts.model.model,
        data: dataFilesOf(artifacts.dataset),
        backend: backendName(options),
        backendFacts: backend?.facts,
        workers,
        started,
        timing: { stages, training: timed.time() },
      },
    );
    log.info("run finished", { run: path });
  } catch (error) {
    const reason = await reporter.settle().then(() => error, (unwritten) => unwritten);
    await takeDown(reason, folder, log);
    throw reason instanceof WorkerError ? await withWayOn(reason, folder) : reason;
  }
  return path;
}

/** A run that is known by its data and nothing else. */
interface LocatedRun {
  /** Its config, in which the number of classes is known. */
  readonly config: ExperimentConfig;
  readonly name: string;
  /** Path of its folder, whether that exists or not. */
  readonly path: string;
  readonly loaded: Loaded;
  readonly stages: StageTime[];
}

/**
 * Loads the data of a run, from which and the config the name of its folder follows.
 *
 * @throws {StoppedError} if it was stopped
 */
export async function locateRun(
  given: ExperimentConfig,
  options: PreparationOptions,
): Promise<LocatedRun> {
  const { signal, loader = (_, load) => load() } = options;
  const stages: StageTime[] = [];
  // The order is checked with the config: only `load` needs nothing, so it comes first
  const stage = given.pipeline[0];
  const load = () => runStages([stage], {}, contextOf(given, options), stages) as Promise<Loaded>;
  const loaded = await unlessStopped(loader(stage, load), signal);
  const { dataset } = loaded;
  const config = withClasses(withFound(given, dataset), dataset.classes.length);
  const name = runName(config.name, idOf(config, dataset, options));
  return { config, name, path: join(options.output, name), loaded, stages };
}

/**
 * Does what comes before training, and checks what the later stages will find.
 *
 * @throws {RangeError} if one of the stages could not run on the data, or training not begin from the
 *   other run
 */
export async function prepareRun(
  { config, loaded, stages }: LocatedRun,
  options: PreparationOptions,
): Promise<{ readonly prepared: Prepared; readonly ahead: readonly StageConfig[] }> {
  const rest = config.pipeline.slice(1);
  const training = rest.findIndex(({ stage }) => stage === "train");
  const [before, ahead] = [rest.slice(0, training), rest.slice(training)];
  const context = contextOf(config, options);
  const prepared = await runStages(before, loaded, context, stages) as Prepared;
  checkStages(ahead, prepared);
  if (options.origin !== undefined) {
    expectOrigin(options.origin, trainingIn(ahead, prepared, config));
  }
  return { prepared, ahead };
}

/** Returns what is trained by the first of the stages that are left. */
function trainingIn(
  ahead: readonly StageConfig[],
  prepared: Prepared,
  { seed }: ExperimentConfig,
): FitOptions {
  const [{ stage: _, ...train }] = ahead as [Extract<StageConfig, { readonly stage: "train" }>];
  return { ...trainingOf(train, prepared), seed };
}

/** Does what comes before training; returns what would be trained, on what and how. */
export async function prepareTraining(
  given: ExperimentConfig,
  options: PreparationOptions,
): Promise<{ readonly prepared: Prepared; readonly training: FitOptions }> {
  const located = await locateRun(given, options);
  const { config } = located;
  const { prepared } = await prepareRun(located, options);
  const { stage: _, ...train } = optionsOf(config, "train", config.name);
  const { seed } = config;
  return { prepared, training: { ...trainingOf(train, prepared), seed } };
}

function backendLine({ name, description: { path } }: BlasBackend): string {
  return `${name} (${path}): the bits depend on it and on the number of workers`;
}

function contextOf(
  config: ExperimentConfig,
  options: PreparationOptions,
): Context {
  const { dataDirectory, cacheDirectory, configFolder, known, workers, backend, signal, view } =
    options;
  return {
    seed: config.seed,
    observers: isReported(config) ? observers : [],
    dataDirectory,
    cacheDirectory,
    configFolder,
    known,
    workers,
    backend,
    signal,
    onLoad: (progress) => view.loading(progress),
  };
}

/** What comes of some work, unless it is stopped before; then nobody waits for its end. */
async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
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

function idOf(
  config: ExperimentConfig,
  { hashes }: Dataset,
  options: Pick<ExperimentOptions, "backend" | "workers" | "origin">,
): string {
  const schema = experimentSchema();
  const { origin } = options;
  const backend = backendName(options);
  return runId({ config, schema, backend, data: hashes, origin: origin?.sha256 });
}

/** What an earlier process left of a run. */
interface RunBefore {
  /** Whether the run was finished, and all its files are as they were then. */
  readonly isFinished: boolean;
  /** The manifest, if it was finished. */
  readonly manifest?: Manifest;
}

const UNFINISHED: RunBefore = { isFinished: false };

/** Looks whether a run was finished and is still as it was; tells of changes, which are undone. */
export async function finishedBefore(
  path: string,
  view: Pick<View, "found" | "print">,
): Promise<RunBefore> {
  const manifest = await withAdvice(() => readManifest(path));
  if (manifest === undefined) return UNFINISHED;
  const changed = await changesSince(manifest, path);
  if (changed.length === 0) {
    await removeAbandonedClaims(path);
    view.found(path);
  } else view.print(`changed since it was finished, and made again: ${changed.join(", ")}`);
  return { isFinished: changed.length === 0, manifest };
}

/** Returns a function that says why a run does not begin at once. */
export function watchLine(
  path: string,
  { print }: Pick<View, "print">,
): (patience: number) => void {
  return (patience) =>
    print(
      `${path} is claimed by another process: ` +
        `waiting ${formatDuration(patience)} to see whether that still works`,
    );
}
