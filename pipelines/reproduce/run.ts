/**
 * Trains a finished run again and compares the two, byte for byte.
 *
 * @module
 */
import { printLine } from "../../lib/io/print.ts";
import { dirname, join } from "@std/path";
import {
  compareReproduction,
  type FinishedFiles,
  formatReproduction,
  isReproduced,
} from "../../lib/analysis/reproduce/comparison.ts";
import { isFolder, makeTemporaryFolder, readFileIfAny, removeFolder } from "../../lib/io/files.ts";
import { findChangedFiles, readManifest } from "../../lib/io/results/run_folder.ts";
import { FILES } from "../../lib/run/folder.ts";
import { FORMAT_VERSION, idFromRunName, runId } from "../../lib/run/identity.ts";
import type { Manifest } from "../../lib/run/manifest.ts";
import type { RunOrigin } from "../../lib/run/record.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, selectDetail } from "../cli/options.ts";
import { runWithView } from "../cli/view.ts";
import { dataSearchLocations, readConfigFile, readGridFile } from "../experiment/config_file.ts";
import { type ExperimentOptions, locateRun, runExperiment } from "../experiment/experiment.ts";
import { openRun } from "../experiment/open_run.ts";
import { type Origin, readOrigin } from "../experiment/origin.ts";
import { readFinished, readRecord, readRunConfig } from "../experiment/read_run.ts";
import { type ExperimentConfig, experimentSchema } from "../experiment/stage_table.ts";
import type { command } from "../reproduce.ts";
import { runEnsemble } from "../sweep/ensemble.ts";

/** An invocation of the command `reproduce`. */
type ReproduceInvocation = InvocationOf<typeof command>;

export async function run(
  { positionals: [named], options, startup, signal }: ReproduceInvocation,
): Promise<number> {
  const detail = selectDetail(options);
  const run = named.endsWith(".json") ? named : await openRun(named, startup, options.output);
  const { expected, found } = await runWithView(detail, async (view) => {
    const where = { ...foldersAndWorkers(options, startup), signal, detail, view };
    const path = await isFolder(run) ? run : await findRunOfConfig(run, where);
    const expected = await readFinishedFiles(path);
    return { expected, found: await trainAgain(path, expected.manifest, where) };
  });
  try {
    const reproduction = compareReproduction(expected, await readFinishedFiles(found.path));
    for (const line of formatReproduction(reproduction)) printLine(line);
    if (isReproduced(reproduction)) return 0;
    found.keep();
    printLine(found.path);
    return 1;
  } finally {
    await found.close();
  }
}

/** Options with which a run is trained again: folders, workers and display. */
type RetrainOptions = Omit<ExperimentOptions, "fresh">;

/**
 * Returns the path of the finished run of a config: the config's own folder if that is a run folder, or the
 * run whose name follows from the config and its data.
 *
 * @param file path of the config
 * @throws {Error} if the config has several runs, or its run is not finished
 */
async function findRunOfConfig(file: string, where: RetrainOptions): Promise<string> {
  const config = readConfigFile(file, []);
  if (config.ensemble !== undefined || config.sweep !== undefined) {
    throw new Error(
      `Cannot reproduce "${file}": expected a config of one run, or the folder of a finished run: ` +
        "received a config of several runs",
    );
  }
  const folder = dirname(file);
  if (await readManifest(folder) !== undefined) return folder;
  const { path } = await locateRun(config, {
    ...where,
    ...await dataSearchLocations(file, config),
  });
  if (await readManifest(path) !== undefined) return path;
  throw new Error(
    `Cannot reproduce "${file}": expected its finished run "${path}": received none: train it first`,
  );
}

/**
 * Reads the files in the manifest of the finished run at a path. Missing files are omitted.
 *
 * @throws {Error} if there is no finished run, or a file was changed
 */
async function readFinishedFiles(path: string): Promise<FinishedFiles> {
  const { manifest } = await readFinished(path, []);
  const changed = await findChangedFiles(manifest, path);
  const files = new Map<string, Uint8Array>();
  const gone: string[] = [];
  for (const { path: name } of manifest.files) {
    const bytes = await readFileIfAny(join(path, name), "run");
    if (bytes === undefined) gone.push(name);
    else files.set(name, bytes);
  }
  const edited = changed.filter((name) => !gone.includes(name));
  if (edited.length === 0) return { manifest, files };
  throw new Error(
    `Cannot reproduce run "${path}": expected the files of its manifest: received files that changed ` +
      `since the run was finished: ${edited.join(", ")}`,
  );
}

/** A run that was trained again, in a temporary folder. */
interface RetrainedRun {
  /** Path of the run folder, inside the temporary folder. */
  readonly path: string;
  /** Makes `close()` keep the temporary folder. */
  keep(): void;
  /** Removes the temporary folder, unless `keep()` was called. */
  close(): Promise<void>;
}

/**
 * Trains the finished run at a path again, in a temporary folder inside `output`.
 *
 * @throws {Error} if its config or data were changed, or its results are not reproducible bit for bit
 */
async function trainAgain(
  path: string,
  manifest: Manifest,
  { output, ...where }: RetrainOptions,
): Promise<RetrainedRun> {
  const { config } = await readRunConfig(path);
  requireExactBackend(path, manifest);
  const origin = await readOriginBeside(path, manifest);
  requireMatchingId(path, config, manifest, origin);
  const folder = await makeTemporaryFolder(output, ".reproduce-");
  let isKept = false;
  const close = async () => {
    if (!isKept) await removeFolder(folder);
  };
  const options = {
    ...where,
    output: folder,
    known: manifest.data,
    configFolder: path,
    fresh: true,
  };
  try {
    const trained = config.ensemble === undefined
      ? await runExperiment(config, { ...options, origin })
      : await runEnsemble(readGridFile(join(path, FILES.config), [], "ensemble"), options);
    return { path: trained, close, keep: () => isKept = true };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Throws an error if a run was trained with a BLAS library, whose results are not reproducible bit for bit.
 */
function requireExactBackend(path: string, { backend }: Manifest): void {
  if (backend === "exact") return;
  throw new Error(
    `Cannot reproduce run "${path}": expected a run with the exact backend, whose bits are the same ` +
      `everywhere: received one computed by ${backend}`,
  );
}

/**
 * Reads the origin of the run at a path: the other run from which its training started, whose folder lies
 * beside the run's folder. Returns undefined if training started from the seed, or the origin is not
 * recorded.
 *
 * @throws {Error} if the other run is missing or changed
 */
async function readOriginBeside(path: string, manifest: Manifest): Promise<Origin | undefined> {
  if (!manifest.files.some(({ path }) => path === FILES.results)) return undefined;
  const origin = await readRecordedOrigin(path);
  if (origin === undefined) return undefined;
  const beside = join(dirname(path), origin.run);
  const read = await readOrigin(beside, origin.kind);
  if (read.sha256 === origin.sha256) return read;
  throw new Error(
    `Cannot reproduce run "${path}": expected "${beside}", from which it started, unchanged: ` +
      "received other content",
  );
}

/**
 * Reads the name and kind of a run's origin from its results. Returns undefined if training started from
 * the seed, or if the folder has no results, as is the case for the samples of this project.
 */
async function readRecordedOrigin(path: string): Promise<RunOrigin | undefined> {
  const results = await readFileIfAny(join(path, FILES.results), "run");
  return results === undefined ? undefined : (await readRecord(path)).origin;
}

/**
 * Throws an error if the id in a run's name is not that of its config, data and origin, so that one of these
 * was changed after training. Checks neither ensembles nor runs of another format version.
 */
function requireMatchingId(
  path: string,
  config: ExperimentConfig,
  { run, format, backend, data }: Manifest,
  origin: Origin | undefined,
): void {
  if (format !== FORMAT_VERSION || config.ensemble !== undefined) return;
  const schema = experimentSchema();
  const id = runId({ config, schema, backend, data, origin: origin?.sha256 });
  if (id === idFromRunName(run)) return;
  throw new Error(
    `Cannot reproduce run "${path}": expected the config and data of id ${idFromRunName(run)}: ` +
      `received those of ${id}: an option, such as the seed, or a hash of the data was changed`,
  );
}
