/**
 * Trains many runs side by side: those of a sweep, the members of an ensemble, the folds of a
 * cross-validation.
 *
 * As many runs as there are processors execute at once, with one worker each. This avoids barriers between
 * workers and overlaps the single-threaded work of one run with the steps of another. On two processors,
 * runs of 784-128-10 took 0.76 of the time that they took one after the other with two workers, runs of
 * 784-512-512-10 took 0.73, and runs of a network of 12 million parameters 0.90. Each active run needs its
 * own memory; data is loaded once. Fewer runs than processors get several workers each. Results do not
 * depend on any of this.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { GridRun, GridRuns } from "../../lib/config/grid.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import { replacePathsByHashes } from "../../lib/data/datasets/identity.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { ClaimedError, waitForRelease } from "../../lib/io/results/claim.ts";
import { formatSettings, varyingKeys } from "../../lib/report/runs/names.ts";
import { canonicalJson } from "../../lib/run/json.ts";
import { scoredRun, withoutTestScore } from "../../lib/run/scored_run.ts";
import type { Board } from "../cli/board.ts";
import {
  type ExperimentOptions,
  type Loaded,
  type Loader,
  locateRun,
  runExperiment,
} from "../experiment/experiment.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import type { stageTable } from "../experiment/stage_table.ts";
import { StoppedError } from "../experiment/stages.ts";
import { defined } from "../../lib/config/defined.ts";
import { formatCountWithNoun } from "../../lib/format/numbers.ts";

/** A run of a grid, with the label that names it in lines of output. */
export interface RequestedRun extends GridRun<typeof stageTable> {
  readonly label: string;
}

/** Returns the runs of a grid with labels that name their settings. */
export function requestedRuns(
  { keys, runs }: GridRuns<typeof stageTable>,
): readonly RequestedRun[] {
  const varying = varyingKeys(keys, runs);
  return runs.map((run) => ({
    ...run,
    label: formatSettings(run.settings, varying),
  }));
}

/** Options of many runs; `workers` is the total for all of them. */
export interface ManyRunsOptions extends Omit<ExperimentOptions, "backend" | "origin" | "view"> {
  readonly board: Board;
  /** Whether the lines of finished runs show the test accuracy. */
  readonly test: boolean;
}

/** The outcome of a requested run: its folder, or the reason why it did not finish. */
export interface RunOutcome extends RequestedRun {
  /** Name of the run's folder; undefined if its data could not be loaded. */
  readonly name?: string;
  /** Path of the run's folder, if the run finished. */
  readonly path?: string;
  /** Error that ended the run, if it did not finish. */
  readonly error?: Error;
  /**
   * An earlier requested run that has the same folder. It alone is trained, and `path` and `error` are
   * missing here.
   */
  readonly same?: RequestedRun;
}

/**
 * Trains all requested runs; one that fails does not stop the others. Runs that other processes train come
 * last: this process waits for them, and trains those that the other processes left unfinished.
 *
 * @returns the outcomes, in the order of the requested runs
 * @throws {StoppedError} if the signal was aborted; every run can then be resumed
 */
export async function runMany(
  requested: readonly RequestedRun[],
  options: ManyRunsOptions,
): Promise<readonly RunOutcome[]> {
  const { loader = sharedLoader() } = options;
  const outcomes = await locateAll(requested, { ...options, loader });
  const distinct = outcomes.flatMap(({ name, same }, index) =>
    name === undefined || same !== undefined ? [] : [index]
  );
  const lanes = Math.min(options.workers, distinct.length);
  const workers = Math.floor(options.workers / Math.max(1, lanes));
  /** Trains some of the runs side by side. Returns those that other processes hold. */
  const train = async (indices: readonly number[]): Promise<readonly number[]> => {
    const queue = [...indices];
    const claimed: number[] = [];
    const work = async () => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        if (options.signal.aborted) return;
        const outcome = outcomes[index];
        const ended = await runOne(outcome, { ...options, workers, loader });
        if (ended === undefined) claimed.push(index);
        else outcomes[index] = { ...outcome, ...ended };
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return claimed;
  };
  const pathOf = (index: number) => join(options.output, outcomes[index].name as string);
  let claimed = await train(distinct);
  while (claimed.length > 0 && !options.signal.aborted) {
    const released = await waitForRelease(claimed.map(pathOf), options);
    const isFree = (index: number) => released.includes(pathOf(index));
    const held = claimed.filter((index) => !isFree(index));
    claimed = [...held, ...await train(claimed.filter(isFree))];
  }
  if (options.signal.aborted) throw new StoppedError("Runs were stopped");
  return outcomes;
}

/**
 * Returns the config of a grid in which the paths of data files are replaced by their SHA-256. If options
 * of the stage "load" vary in the grid, its runs may use different files, and the config is returned
 * unchanged.
 *
 * @param data hashes of the data files of a run
 */
export function configWithDataHashes(
  { config, keys }: GridRuns<typeof stageTable>,
  data: Dataset["hashes"],
): GridRuns<typeof stageTable>["config"] {
  return keys.some((key) => key.startsWith("load.")) ? config : replacePathsByHashes(config, data);
}

/** Returns a loader that several runs share. For stages "load" with equal options it loads the data once. */
export function sharedLoader(): Loader {
  const known = new Map<string, Promise<Loaded>>();
  return (stage, load) => {
    const key = canonicalJson(stage);
    const loaded = known.get(key) ?? load();
    known.set(key, loaded);
    return loaded;
  };
}

/**
 * Loads the data of each run and determines the name of its folder. Returns an outcome for each run, without
 * `path`: with `error` if loading failed, and with `same` if an earlier run has the same folder.
 */
async function locateAll(
  requested: readonly RequestedRun[],
  options: ManyRunsOptions & { readonly loader: Loader },
): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (const run of requested) {
    using view = options.board.open(run.label);
    try {
      const { name } = await locateRun(run.config, { ...options, view });
      const same = outcomes.find((other) => other.name === name);
      outcomes.push({ ...run, name, ...defined({ same }) });
      if (same !== undefined) {
        options.board.printFinished(`${run.label}: the same run as ${same.label}`);
      }
    } catch (error) {
      outcomes.push({ ...run, error: reportFailure(run, error, options.board) });
    }
  }
  return outcomes;
}

/** Trains a run, and returns its outcome, or undefined if another process holds the folder of the run. */
async function runOne(
  run: RequestedRun,
  { board, test, ...options }: ManyRunsOptions & { readonly loader: Loader },
): Promise<Pick<RunOutcome, "path" | "error"> | undefined> {
  using view = board.open(run.label);
  let before = "";
  const showFinishedRun = () => before = "already finished: ";
  try {
    const path = await runExperiment(run.config, {
      ...options,
      view: { ...view, showFinishedRun },
    });
    board.printFinished(`${run.label}: ${before}${await formatRun(path, test)}`);
    return { path };
  } catch (error) {
    if (!(error instanceof ClaimedError)) return { error: reportFailure(run, error, board) };
    view.print("another process trains this run: waiting for it once the other runs are done");
    return undefined;
  }
}

/** Prints the error that ended a run, unless the run was stopped. Returns the error. */
function reportFailure({ label }: RequestedRun, error: unknown, board: Board): Error {
  if (!(error instanceof Error)) throw error;
  if (!(error instanceof StoppedError)) board.printFailed(`${label}: failed: ${error.message}`);
  return error;
}

/** Formats accuracies, epochs, time and name of the finished run at a path in one line. */
async function formatRun(path: string, showsTest: boolean): Promise<string> {
  const run = scoredRun([], await readRecord(path));
  const { scores, epochs } = showsTest ? run : withoutTestScore(run);
  return [
    ...Object.entries(scores).map(([split, { accuracy }]) =>
      `${split} ${formatPercent(accuracy ?? NaN, 2, PLAIN)}`
    ),
    `${formatCountWithNoun(epochs, "epoch")} in ${formatDuration(await readRunTime(path))}`,
    basename(path),
  ].join(", ");
}

/**
 * Reads the time [ms] that the finished run at a path took. For a run that was resumed, this is the time
 * since it was last resumed.
 */
export async function readRunTime(path: string): Promise<number> {
  const { manifest: { started, finished } } = await readFinished(path, []);
  return Date.parse(finished) - Date.parse(started);
}
