/**
 * Runs an experiment: the stages of a config, one after the other, into a run folder.
 *
 * The folder's name follows from the config and the data. A finished run is returned as it is; an
 * unfinished one goes on from its last checkpoint; files are written whole or not at all, and the
 * manifest, which marks the run as finished, is the last.
 *
 * @module
 */
import { join } from "@std/path";
import { jsonSchema } from "../lib/config/json_schema.ts";
import { type Config, configSchema } from "../lib/config/schema.ts";
import { type Log, openLog } from "../lib/io/log.ts";
import { isFinished, openRunFolder, type RunFolder } from "../lib/io/run_folder.ts";
import { surroundings } from "../lib/io/surroundings.ts";
import { charts, report, surroundingsReport } from "../lib/report/mod.ts";
import type { Checkpoint } from "../lib/run/checkpoint.ts";
import { encodeRun, FILES } from "../lib/run/folder.ts";
import { FORMAT_VERSION, runId, runName } from "../lib/run/identity.ts";
import { prettyJson } from "../lib/run/json.ts";
import { encodeManifest, hashFiles } from "../lib/run/manifest.ts";
import { encodeMetrics } from "../lib/run/metrics.ts";
import { encodeModel } from "../lib/run/model.ts";
import type { EpochRecord, RunRecord } from "../lib/run/record.ts";
import { sizeOf } from "../lib/tensor/mod.ts";
import { DivergedError } from "../lib/train/fit.ts";
import { type Artifacts, type Context, type Stage, stages } from "./stages.ts";
import { stageTable } from "./stage_table.ts";
import type { Detail, View } from "./view.ts";

/** A checked config of the stages that there are. */
export type ExperimentConfig = Config<typeof stageTable>;

/** Where and how an experiment runs. */
export interface ExperimentOptions {
  /** Folder that the run's folder is made in. */
  readonly output: string;
  readonly dataDirectory?: string | undefined;
  readonly cacheDirectory: string;
  /** Whether a run that exists is made again. */
  readonly fresh: boolean;
  /** When aborted, training ends after the current step, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Shows what goes on. */
  readonly view: View;
  /** How much is taken down in the log. */
  readonly detail: Detail;
}

/** The arithmetic of the default backend: the same bits everywhere. */
const BACKEND = "exact";

/**
 * Runs an experiment and returns the path of its folder.
 *
 * @throws {DivergedError} if numbers are no longer finite; the last good state is checkpointed
 * @throws {StoppedError} if it was stopped
 */
export async function runExperiment(
  config: ExperimentConfig,
  options: ExperimentOptions,
): Promise<string> {
  const started = new Date();
  const { view } = options;
  const timing: Timing[] = [];
  const [first, ...rest] = config.pipeline;
  const loading = contextOf(config, options);
  // The order is checked with the config: only `load` needs nothing, so it comes first
  const loaded = await runStage(first as StageConfig, {}, loading, timing);
  const { dataset } = loaded as Pick<Artifacts, "dataset">;
  const id = runId({
    config,
    schema: jsonSchema(configSchema(stageTable)),
    backend: BACKEND,
    data: dataset.hashes,
  });
  const path = join(options.output, runName(config.name, id));
  if (!options.fresh && await isFinished(path)) {
    view.print(`finished before: ${path}`);
    return path;
  }
  using folder = await openRunFolder(path, { fresh: options.fresh });
  const level = options.detail === "verbose" ? "debug" : "info";
  const log = openLog((line) => folder.append(FILES.log, line), level);
  const from = await folder.checkpoint();
  await folder.write(FILES.config, prettyJson(config));
  log.info("run started", { run: path, step: from?.position.step ?? 0 });
  if (from !== undefined) view.print(`going on from step ${from.position.step} of ${path}`);
  const context = { ...loading, from, ...training({ folder, log, view }) };
  try {
    const artifacts = await runStages(rest, loaded, context, timing);
    const record = recordOf(runName(config.name, id), config, artifacts as Artifacts);
    const finish = { folder, record, artifacts: artifacts as Artifacts, started, timing };
    await writeResults(finish);
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    if (error instanceof DivergedError) await folder.saveCheckpoint(error.lastGood);
    throw error;
  }
  log.info("run finished", { run: path });
  return path;
}

/** A stage of a checked config. */
type StageConfig = ExperimentConfig["pipeline"][number];

/** How long a stage took. */
interface Timing {
  readonly stage: string;
  readonly milliseconds: number;
}

function contextOf(
  { seed }: ExperimentConfig,
  { dataDirectory, cacheDirectory, signal, view }: ExperimentOptions,
): Context {
  return {
    ...{ seed, dataDirectory, cacheDirectory, signal },
    onLoad: (progress) => view.loading(progress),
    onStart: (watch) => view.training(watch),
    onCheckpoint: () => Promise.resolve(),
  };
}

/** What happens while a network is trained: files, log, view. */
function training(
  { folder, log, view }: { readonly folder: RunFolder; readonly log: Log; readonly view: View },
): Pick<Context, "onCheckpoint" | "onStart"> {
  return {
    onStart: (watch) =>
      view.training(watch, (progress) => folder.append(FILES.progress, JSON.stringify(progress))),
    async onCheckpoint(checkpoint: Checkpoint, epoch?: EpochRecord) {
      await folder.saveCheckpoint(checkpoint);
      await folder.write(FILES.metrics, encodeMetrics(checkpoint.history.epochs));
      if (epoch !== undefined) {
        log.info("epoch finished", epoch);
        view.epoch(epoch);
      }
    },
  };
}

async function runStages(
  configs: readonly StageConfig[],
  loaded: Partial<Artifacts>,
  context: Context,
  timing: Timing[],
): Promise<Partial<Artifacts>> {
  let artifacts = loaded;
  for (const config of configs) {
    artifacts = { ...artifacts, ...await runStage(config, artifacts, context, timing) };
  }
  return artifacts;
}

async function runStage(
  { stage, ...options }: StageConfig,
  artifacts: Partial<Artifacts>,
  context: Context,
  timing: Timing[],
): Promise<Partial<Artifacts>> {
  const begun = performance.now();
  // Options were checked against this stage's schema, and what it needs against the order of stages
  const { run } = stages[stage] as Stage<unknown, keyof Artifacts, keyof Artifacts>;
  const given = await run(options, artifacts as Artifacts, context);
  timing.push({ stage, milliseconds: Math.round(performance.now() - begun) });
  return given;
}

function recordOf(run: string, config: ExperimentConfig, artifacts: Artifacts): RunRecord {
  const { dataset, model, evaluations } = artifacts;
  const sizes = [...model.model.parameters.values()].map(({ shape }) => sizeOf(shape));
  return {
    run,
    config,
    classes: dataset.classes,
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    ...model.history,
    ...evaluations,
    ...(dataset.note === undefined ? {} : { note: dataset.note }),
  };
}

/** What is written when all stages are done. */
interface Finish {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly artifacts: Artifacts;
  readonly started: Date;
  readonly timing: readonly Timing[];
}

/** Writes results, model and report; and last the manifest, which makes the run a finished one. */
async function writeResults({ folder, record, artifacts, started, timing }: Finish): Promise<void> {
  const checkpoint = await folder.checkpointFile();
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    ...encodeRun(record),
    [FILES.model, encodeModel(artifacts.model.model)],
    ...drawn(record),
  ]);
  for (const [name, content] of files) await folder.write(name, content);
  const found = surroundings();
  const facts = { ...found, started: started.toISOString(), finished: new Date().toISOString() };
  for (const line of timing) folder.append(FILES.timing, JSON.stringify(line));
  await folder.write(FILES.surroundings, surroundingsReport(record.run, { ...facts, timing }));
  const hashed = new Map([...files, ...checkpoint]);
  await folder.write(
    FILES.manifest,
    encodeManifest({
      ...{ run: record.run, format: FORMAT_VERSION, backend: BACKEND, ...facts },
      data: artifacts.dataset.hashes,
      files: hashFiles(hashed),
    }),
  );
}

/** The report and its parts, as files. */
export function drawn(record: RunRecord): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  return new Map([
    [FILES.report, utf8(report(record))],
    ...charts(record).map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, utf8(svg)] as const),
  ]);
}
