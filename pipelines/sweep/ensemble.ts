/**
 * Trains ensembles. An ensemble averages the probabilities of several runs, its members, and is recorded as a
 * run of its own.
 *
 * Members are ordinary runs, trained and reused like those of a sweep. The ensemble's id is derived from
 * theirs. It has no model of its own; its predictions come from the members in the folders beside it.
 *
 * @module
 */
import { join } from "@std/path";
import { defined } from "../../lib/config/defined.ts";
import type { GridRuns } from "../../lib/config/grid.ts";
import { observeData } from "../../lib/observe/mod.ts";
import { labelsOf, type SplitName } from "../../lib/data/split/samples.ts";
import { splitOf } from "../../lib/data/split/split.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import { areSame, averageEvaluations } from "../../lib/evaluate/mod.ts";
import { openLog } from "../../lib/io/log.ts";
import { openRunFolder } from "../../lib/io/results/run_folder.ts";
import { mistakesGallery } from "../../lib/observe/gallery.ts";
import { FILES } from "../../lib/run/folder.ts";
import { collectionId } from "../../lib/run/identity.ts";
import { runName } from "../../lib/run/names.ts";
import { prettyJson } from "../../lib/run/json.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { scoredRun } from "../../lib/run/scored_run.ts";
import { emptySteps } from "../../lib/run/steps.ts";
import { openBoard } from "../cli/board.ts";
import { fillInClassCount } from "../experiment/building.ts";
import {
  checkEarlierRun,
  locateRun,
  prepareRun,
  waitingLinePrinter,
} from "../experiment/experiment.ts";
import { readRecord, stageOptionsOf } from "../experiment/read_run.ts";
import { isReported, listDataFiles, writeRun } from "../experiment/write_run.ts";
import type { ExperimentConfig, stageTable } from "../experiment/stage_table.ts";
import type { Prepared } from "../experiment/artifacts.ts";
import {
  configWithDataHashes,
  type ManyRunsOptions,
  type RequestedRun,
  requestedRuns,
  runMany,
  type RunOutcome,
  sharedLoader,
} from "./many_runs.ts";

/** Options with which the members of an ensemble are trained. */
type EnsembleOptions = Omit<ManyRunsOptions, "board" | "test">;

/**
 * Trains the members of an ensemble that are not trained yet, and averages the probabilities of all. Returns
 * the path of the ensemble's folder.
 *
 * @throws {RangeError} if no split has the same samples for all members
 * @throws {Error} if a member failed
 * @throws {StoppedError} if the signal was aborted
 */
export async function runEnsemble(
  grid: GridRuns<typeof stageTable>,
  ensembleOptions: EnsembleOptions,
): Promise<string> {
  const started = new Date();
  using board = openBoard(ensembleOptions.detail, grid.runs.length);
  const options = { ...ensembleOptions, board, loader: sharedLoader(), test: true };
  const requested = requestedRuns(grid);
  const common = await findCommonSplits(requested, options);
  const outcomes = await runMany(requested, options);
  requireAllFinished(outcomes);
  const members = outcomes.filter(({ same }) => same === undefined); // without duplicates
  const names = members.map(({ name }) => name as string);
  // named like its members, but distinct from them
  const id = collectionId("ensemble", names);
  const name = runName(`${grid.config.name}-ensemble`, id);
  const path = join(options.output, name);
  const showFinishedRun = (path: string) => board.print(`already finished: ${path}`);
  if (
    !options.fresh &&
    (await checkEarlierRun(path, { showFinishedRun, print: board.print })).isFinished
  ) {
    return path;
  }
  const onWatch = waitingLinePrinter(path, board);
  using folder = await openRunFolder(path, { fresh: options.fresh, onWatch });
  const log = openLog((line) => folder.append(FILES.log, line));
  log.info("members trained", { run: path, members: names });
  const { dataset } = common.prepared;
  const whole = { ...grid, config: fillInClassCount(grid.config, dataset.classes.length) };
  const config = configWithDataHashes(whole, dataset.hashes);
  await folder.write(FILES.config, prettyJson(config));
  const record = await buildEnsembleRecord(name, config, members, common);
  await writeRun(folder, record, {
    data: listDataFiles(dataset),
    backend: "exact",
    workers: options.workers,
    started,
    timing: { stages: [] },
    log,
  });
  return path;
}

/** The splits that all members of an ensemble share. */
interface CommonSplits {
  /** Artifacts before training of the first member. */
  readonly prepared: Prepared;
  /** Splits on which all members are evaluated with the same samples. */
  readonly splits: readonly SplitName[];
}

/**
 * Finds the splits that have the same samples for all members, so that their probabilities can be averaged.
 * Members with different seeds hold out different samples. Loads the data, but trains no member.
 *
 * @throws {RangeError} if there is no such split
 */
async function findCommonSplits(
  requested: readonly RequestedRun[],
  options: ManyRunsOptions,
): Promise<CommonSplits> {
  const members: CommonSplits[] = [];
  for (const { config, label } of requested) {
    using view = options.board.open(label);
    const where = { ...options, view };
    const { prepared } = await prepareRun(await locateRun(config, where), where);
    members.push({ prepared, splits: stageOptionsOf(config, "evaluate", config.name).on });
  }
  const [first, ...others] = members;
  const samples = ({ prepared: { splits } }: CommonSplits, name: SplitName) => {
    const split = splitOf(splits, name);
    return { rows: split.rows, labels: labelsOf(split) };
  };
  const splits = first.splits.filter((name) =>
    others.every((other) =>
      other.splits.includes(name) && areSame(samples(first, name), samples(other, name))
    )
  );
  const left = first.splits.filter((name) => !splits.includes(name));
  if (splits.length === 0) {
    throw new RangeError(
      `Cannot form ensemble: expected a split with the same samples for all members, for example ` +
        `"on": ["test"] in the stage "evaluate": received "${left.join('", "')}", which differ`,
    );
  }
  for (const name of left) {
    options.board.print(`not averaged on "${name}": its samples differ between members`);
  }
  return { prepared: first.prepared, splits };
}

/** Throws an error if a member of an ensemble failed. */
function requireAllFinished(outcomes: readonly RunOutcome[]): void {
  const failures = outcomes.filter(({ error }) => error !== undefined);
  if (failures.length === 0) return;
  throw new Error(
    `Cannot form ensemble: expected all ${outcomes.length} members: received ` +
      `${failures.length} that failed: ${failures.map(({ label }) => label).join("; ")}`,
  );
}

/**
 * Builds the record of an ensemble from the records of its members.
 *
 * @param run name of the ensemble
 */
async function buildEnsembleRecord(
  run: string,
  config: ExperimentConfig,
  members: readonly RunOutcome[],
  { prepared: { dataset, splits: data }, splits }: CommonSplits,
): Promise<RunRecord> {
  const records: RunRecord[] = [];
  for (const { path } of members) records.push(await readRecord(path as string));
  const evaluations = splits.map((name) =>
    averageEvaluations(
      records.map(({ evaluations }) =>
        evaluations.find(({ split }) => split === name) as Evaluation
      ),
    )
  );
  return {
    run,
    config,
    classes: dataset.classes,
    epochs: [],
    steps: emptySteps(),
    evaluations,
    parameters: records.reduce((sum, { parameters }) => sum + parameters, 0),
    galleries: evaluations.map((evaluation) =>
      mistakesGallery(evaluation, splitOf(data, evaluation.split), dataset.classes.length)
    ),
    ...defined({
      observations: isReported(config) ? observeData(dataset, data) : undefined,
      note: dataset.note,
    }),
    members: members.map(({ settings }, index) => scoredRun(settings, records[index])),
  };
}
