/**
 * Ensembles: runs whose probabilities are averaged, in a run folder of their own.
 *
 * Members are ordinary runs, made and reused as those of a sweep. The ensemble's id follows from
 * theirs. It has no model of its own: who asks it asks its members, in the folders beside its own.
 *
 * @module
 */
import { join } from "@std/path";
import { defined } from "../../lib/config/defined.ts";
import type { Variants } from "../../lib/config/grid.ts";
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
import { noSteps } from "../../lib/run/steps.ts";
import { openBoard } from "../cli/board.ts";
import { withClasses } from "../experiment/building.ts";
import { finishedBefore, locateRun, prepareRun, watchLine } from "../experiment/experiment.ts";
import { optionsOf, readRecord } from "../experiment/read_run.ts";
import { dataFilesOf, isReported, writeRun } from "../experiment/write_run.ts";
import type { ExperimentConfig, stageTable } from "../experiment/stage_table.ts";
import type { Prepared } from "../experiment/artifacts.ts";
import {
  type AskedRun,
  askedRuns,
  type ManyRunsOptions,
  pinnedConfig,
  runMany,
  type RunOutcome,
  sharedLoader,
} from "./many_runs.ts";

type EnsembleOptions = Omit<ManyRunsOptions, "board" | "test">;

/**
 * Trains the members that are not trained yet, and averages what they say; returns the path of the
 * ensemble's folder.
 *
 * @throws {RangeError} if there is no split whose samples are the same for all members
 * @throws {Error} if a member has failed
 * @throws {StoppedError} if it was stopped
 */
export async function runEnsemble(
  grid: Variants<typeof stageTable>,
  given: EnsembleOptions,
): Promise<string> {
  const started = new Date();
  using board = openBoard(given.detail, grid.variants.length);
  const options = { ...given, board, loader: sharedLoader(), test: true };
  const asked = askedRuns(grid);
  const common = await commonSplits(asked, options);
  const outcomes = await runMany(asked, options);
  expectAll(outcomes);
  const members = outcomes.filter(({ same }) => same === undefined); // each once
  const names = members.map(({ name }) => name as string);
  // named like its members, beside which it lies, and yet no run of that name
  const id = collectionId("ensemble", names);
  const name = runName(`${grid.config.name}-ensemble`, id);
  const path = join(options.output, name);
  const found = (path: string) => board.print(`finished before: ${path}`);
  if (!options.fresh && (await finishedBefore(path, { found, print: board.print })).isFinished) {
    return path;
  }
  const onWatch = watchLine(path, board);
  using folder = await openRunFolder(path, { fresh: options.fresh, onWatch });
  const log = openLog((line) => folder.append(FILES.log, line));
  log.info("members trained", { run: path, members: names });
  const { dataset } = common.prepared;
  const whole = { ...grid, config: withClasses(grid.config, dataset.classes.length) };
  const config = pinnedConfig(whole, dataset.hashes);
  await folder.write(FILES.config, prettyJson(config));
  const record = await recordOf(name, config, members, common);
  await writeRun(folder, record, {
    data: dataFilesOf(dataset),
    backend: "exact",
    workers: options.workers,
    started,
    timing: { stages: [] },
  });
  log.info("run finished", { run: path });
  return path;
}

interface Common {
  readonly prepared: Prepared;
  /** The splits that all are evaluated on, on the same samples. */
  readonly splits: readonly SplitName[];
}

/**
 * Finds the splits that members can be averaged on, before any of them is trained for it: with another
 * seed, other samples are held out.
 */
async function commonSplits(asked: readonly AskedRun[], options: ManyRunsOptions): Promise<Common> {
  const members: Common[] = [];
  for (const { config, label } of asked) {
    using view = options.board.open(label);
    const where = { ...options, view };
    const { prepared } = await prepareRun(await locateRun(config, where), where);
    members.push({ prepared, splits: optionsOf(config, "evaluate", config.name).on });
  }
  const [first, ...others] = members;
  const samples = ({ prepared: { splits } }: Common, name: SplitName) => {
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
      `Cannot form ensemble: expected a split of the same samples for all members, for example ` +
        `"on": ["test"] in the stage "evaluate": received "${left.join('", "')}", which differ`,
    );
  }
  for (const name of left) {
    options.board.print(`not averaged on "${name}": members were not asked about the same samples`);
  }
  return { prepared: first.prepared, splits };
}

function expectAll(outcomes: readonly RunOutcome[]): void {
  const failures = outcomes.filter(({ error }) => error !== undefined);
  if (failures.length === 0) return;
  throw new Error(
    `Cannot form ensemble: expected all ${outcomes.length} members: received ` +
      `${failures.length} that failed: ${failures.map(({ label }) => label).join("; ")}`,
  );
}

async function recordOf(
  run: string,
  config: ExperimentConfig,
  members: readonly RunOutcome[],
  { prepared: { dataset, splits: data }, splits }: Common,
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
    steps: noSteps(),
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
