import { printLine } from "../../lib/io/print.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import type { command } from "../evaluate.ts";
import { formatComparisonLine, formatEvaluationLine } from "../../lib/evaluate/lines.ts";
import { basename } from "@std/path";
import type { Dataset } from "../../lib/data/dataset.ts";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { averageEvaluations } from "../../lib/evaluate/mod.ts";
import { losses } from "../../lib/nn/mod.ts";
import type { Manifest } from "../../lib/run/manifest.ts";
import { NO_OBSERVATIONS } from "../../lib/run/observations.ts";
import type { SplitName } from "../../lib/data/split/samples.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import type { NamedAugmentations } from "../experiment/building.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import {
  type ConfiguredRun,
  memberPaths,
  readModel,
  readRecord,
  readRunConfig,
  stageOptionsOf,
} from "../experiment/read_run.ts";
import { openRun } from "../experiment/open_run.ts";
import { type StageContext, stages } from "../experiment/stages.ts";
import type { Artifacts } from "../experiment/artifacts.ts";

export async function run(
  { positionals: [named], options, startup }: InvocationOf<typeof command>,
): Promise<void> {
  const { on, augmentedCopies: copies, dataDir: dataDirectory, threads: workers } = options;
  const path = await openRun(named, startup);
  const where = { copies, dataDirectory, cacheDirectory: startup.cache, workers };
  const { evaluations, classes } = await evaluateRun(path, { on, ...where });
  for (const evaluation of evaluations) printLine(formatEvaluationLine(evaluation, classes));
  if (options.against === undefined) return;
  const against = await openRun(options.against, startup);
  const splits = evaluations.map(({ split }) => split);
  const other = await evaluateRun(against, { on: splits, ...where });
  // evaluations follow the order of `on`
  evaluations.forEach((evaluation, index) =>
    printLine(
      formatComparisonLine([basename(path), evaluation], [
        basename(against),
        other.evaluations[index],
      ]),
    )
  );
}

/** Options of evaluating a finished run. */
interface EvaluateOptions {
  /** Splits to evaluate. Defaults to the splits in the run's config. */
  readonly on: readonly SplitName[] | undefined;
  /** Number of augmented copies that are averaged with each sample. Defaults to that in the run's config. */
  readonly copies: number | undefined;
  /** Folder with the user's copies of data files. */
  readonly dataDirectory: string | undefined;
  /** Folder of downloaded data sets. */
  readonly cacheDirectory: string;
  readonly workers: number;
}

/** Evaluations of a run, one for each split in the requested order, and the names of its classes. */
interface RunEvaluations {
  readonly evaluations: readonly Evaluation[];
  readonly classes: readonly string[];
}

/**
 * Evaluates the model of the finished run at a path on splits of its data. For an ensemble, evaluates the
 * members and averages their probabilities.
 */
async function evaluateRun(path: string, options: EvaluateOptions): Promise<RunEvaluations> {
  const members = await memberPaths(path);
  if (members === undefined) return await evaluateModel(path, options);
  const { evaluations: before, classes } = await readRecord(path);
  const on = options.on ?? before.map(({ split }) => split);
  const ofMembers: RunEvaluations[] = [];
  for (const member of members) ofMembers.push(await evaluateModel(member, { ...options, on }));
  const evaluations = on.map((_, index) =>
    averageEvaluations(ofMembers.map(({ evaluations }) => evaluations[index]))
  );
  return { evaluations, classes };
}

/** Evaluates the model of the finished run at a path, which is not an ensemble, on splits of its data. */
async function evaluateModel(
  path: string,
  { on, copies, ...where }: EvaluateOptions,
): Promise<RunEvaluations> {
  const configured = await readRunConfig(path);
  const { config } = configured;
  const model = await readModel(path);
  const splits = await loadSplits(path, configured, where);
  const { loss: named, augment } = stageOptionsOf(config, "train", path);
  const record = await readRecord(path);
  const trained: Artifacts["model"] = {
    model,
    loss: losses.create(named),
    augment,
    history: record,
    observations: NO_OBSERVATIONS,
    learned: record.parameters,
  };
  const own = evaluationOptions(config, on, path);
  const options = { ...own, augmentedCopies: copies ?? own.augmentedCopies };
  if (options.augmentedCopies > 0) requireAugmentation(augment, options.augmentedCopies, path);
  const { evaluations: { evaluations } } = await stages.evaluate.run(
    options,
    { splits, model: trained },
    { seed: config.seed, ...where },
  );
  return { evaluations, classes: model.classes };
}

/**
 * Loads the data that a finished run was trained on, and splits it as in training. Throws an error if a data
 * file differs from that of the training.
 *
 * @param path path of the run folder
 * @param where folders in which data files are found, and the number of workers
 */
export async function loadSplits(
  path: string,
  { config, manifest }: ConfiguredRun,
  where: Omit<StageContext, "seed">,
): Promise<Artifacts["splits"]> {
  const context = { seed: config.seed, ...where, known: manifest.data, configFolder: path };
  const { dataset } = await stages.load.run(stageOptionsOf(config, "load", path), {}, context);
  requireSameData(dataset, manifest);
  const { splits } = await stages.split.run(
    stageOptionsOf(config, "split", path),
    { dataset },
    context,
  );
  return splits;
}

/**
 * Returns the options of the stage "evaluate" in a run's config. If `on` is defined, its splits replace
 * those in the config, which then need not have the stage: no copies are averaged without it.
 *
 * @param path path of the run, for the error message
 * @throws {RangeError} if `on` is undefined and the config has no stage "evaluate"
 */
function evaluationOptions(
  config: ExperimentConfig,
  on: EvaluateOptions["on"],
  path: string,
): Parameters<typeof stages.evaluate.run>[0] {
  if (on === undefined) return stageOptionsOf(config, "evaluate", path);
  const isEvaluated = config.pipeline.some(({ stage }) => stage === "evaluate");
  const augmentedCopies = isEvaluated
    ? stageOptionsOf(config, "evaluate", path).augmentedCopies
    : 0;
  return { on: [...on], augmentedCopies };
}

/**
 * Throws a RangeError if none of a training's augmentations changes single images, as augmented copies need.
 *
 * @param copies number of requested copies, for the message
 * @param path path of the run, for the message
 */
function requireAugmentation(augment: NamedAugmentations, copies: number, path: string): void {
  if (augment?.some((named) => !augmentations.create(named).isMixture)) return;
  throw new RangeError(
    `Cannot average over ${copies} augmented copies: expected a run trained with augmented images: ` +
      `received "${path}", whose config has no "augment" that works on single images`,
  );
}

/** Throws an error if the hashes of a data set's files differ from those in the manifest of a run. */
function requireSameData({ hashes }: Dataset, { run, data }: Manifest): void {
  const other = data.find(({ sha256 }, index) => hashes[index]?.sha256 !== sha256);
  if (other === undefined && data.length === hashes.length) return;
  throw new Error(
    `Cannot evaluate run "${run}": expected the data that it was trained on: ` +
      `received a different "${other?.file ?? "data set"}"`,
  );
}
