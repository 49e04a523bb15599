/**
 * Many runs: those of a sweep, the members of an ensemble, the folds of a cross-validation.
 *
 * Runs go side by side, one worker each, as many as there are processors: without barriers between
 * workers, and with what one thread must do for a run beside the steps of another. By two processors
 * runs of 784-128-10 ended in 0.76 of the time that they took one after the other with two workers,
 * of 784-512-512-10 in 0.73, and of a network of 12 million parameters still in 0.90. Each takes the
 * memory of a run; data is loaded once. If there are fewer runs than processors, they share these.
 * Results do not depend on any of it.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Variant, Variants } from "../../lib/config/grid.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import { withHashes } from "../../lib/data/datasets/identity.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { settingsLine, varyingKeys } from "../../lib/report/runs/names.ts";
import { canonicalJson } from "../../lib/run/json.ts";
import { scoredRun, withoutTest } from "../../lib/run/scored_run.ts";
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
import { formatCounted } from "../../lib/format/numbers.ts";

export interface AskedRun extends Variant<typeof stageTable> {
  readonly label: string;
}

export function askedRuns({ keys, variants }: Variants<typeof stageTable>): readonly AskedRun[] {
  const varying = varyingKeys(keys, variants);
  return variants.map((variant) => ({
    ...variant,
    label: settingsLine(variant.settings, varying),
  }));
}

/** Where and how many runs go on: `workers` is how many there are for all of them. */
export interface ManyRunsOptions extends Omit<ExperimentOptions, "backend" | "origin" | "view"> {
  readonly board: Board;
  /** Whether lines about finished runs have their accuracy on the test split. */
  readonly test: boolean;
}

export interface RunOutcome extends AskedRun {
  /** Name of its folder; undefined if its data could not be loaded. */
  readonly name?: string;
  /** Path of its folder, if it is finished. */
  readonly path?: string;
  /** Why it is not. */
  readonly error?: Error;
  /** The run before it that is the same, and so stands for it. */
  readonly same?: AskedRun;
}

/**
 * Runs them all; what fails does not stop the others.
 *
 * @returns what each came to, in the order in which they were asked for
 * @throws {StoppedError} if they were stopped; each is then as a single run is when it was stopped
 */
export async function runMany(
  asked: readonly AskedRun[],
  options: ManyRunsOptions,
): Promise<readonly RunOutcome[]> {
  const { loader = sharedLoader() } = options;
  const outcomes = await locateAll(asked, { ...options, loader });
  const waiting = outcomes.flatMap(({ name, same }, index) =>
    name === undefined || same !== undefined ? [] : [index]
  );
  const lanes = Math.min(options.workers, waiting.length);
  const workers = Math.floor(options.workers / Math.max(1, lanes));
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      if (options.signal.aborted) return;
      const outcome = outcomes[index];
      outcomes[index] = { ...outcome, ...await runOne(outcome, { ...options, workers, loader }) };
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  if (options.signal.aborted) throw new StoppedError("Runs were stopped");
  return outcomes;
}

/** Returns the config of a grid, whose data stands by its content unless the runs have several data sets. */
export function pinnedConfig(
  { config, keys }: Variants<typeof stageTable>,
  data: Dataset["hashes"],
): Variants<typeof stageTable>["config"] {
  return keys.some((key) => key.startsWith("load.")) ? config : withHashes(config, data);
}

/** Loads what each stage says, once for all runs that have the same stage. */
export function sharedLoader(): Loader {
  const known = new Map<string, Promise<Loaded>>();
  return (stage, load) => {
    const key = canonicalJson(stage);
    const loaded = known.get(key) ?? load();
    known.set(key, loaded);
    return loaded;
  };
}

/** Finds the folder of each run, and those that are the same as one before. */
async function locateAll(
  asked: readonly AskedRun[],
  options: ManyRunsOptions & { readonly loader: Loader },
): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (const run of asked) {
    using view = options.board.open(run.label);
    try {
      const { name } = await locateRun(run.config, { ...options, view });
      const same = outcomes.find((other) => other.name === name);
      outcomes.push({ ...run, name, ...defined({ same }) });
      if (same !== undefined) options.board.ended(`${run.label}: the same run as ${same.label}`);
    } catch (error) {
      outcomes.push({ ...run, error: failed(run, error, options.board) });
    }
  }
  return outcomes;
}

async function runOne(
  run: AskedRun,
  { board, test, ...options }: ManyRunsOptions & { readonly loader: Loader },
): Promise<Pick<RunOutcome, "path" | "error">> {
  using view = board.open(run.label);
  let before = "";
  const found = () => before = "finished before: ";
  try {
    const path = await runExperiment(run.config, { ...options, view: { ...view, found } });
    board.ended(`${run.label}: ${before}${await runWords(path, test)}`);
    return { path };
  } catch (error) {
    return { error: failed(run, error, board) };
  }
}

/** Tells at once why a run has failed; that it was stopped is no failure of its own. */
function failed({ label }: AskedRun, error: unknown, board: Board): Error {
  if (!(error instanceof Error)) throw error;
  if (!(error instanceof StoppedError)) board.failed(`${label}: failed: ${error.message}`);
  return error;
}

async function runWords(path: string, test: boolean): Promise<string> {
  const run = scoredRun([], await readRecord(path));
  const { scores, epochs } = test ? run : withoutTest(run);
  return [
    ...Object.entries(scores).map(([split, { accuracy }]) =>
      `${split} ${formatPercent(accuracy ?? NaN, 2, PLAIN)}`
    ),
    `${formatCounted(epochs, "epoch")} in ${formatDuration(await timeOf(path))}`,
    basename(path),
  ].join(", ");
}

/** How long a run took, in milliseconds; if it was stopped, since it went on for the last time. */
export async function timeOf(path: string): Promise<number> {
  const { manifest: { started, finished } } = await readFinished(path, []);
  return Date.parse(finished) - Date.parse(started);
}
