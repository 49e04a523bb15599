/**
 * Evaluating the model of a finished run again.
 *
 * @module
 */
import type { CallOf } from "../cli/declaration.ts";
import { CACHE } from "../cli/options.ts";
import type { command } from "../evaluate.ts";
import { comparisonLine, evaluationLine } from "../../lib/evaluate/lines.ts";
import { basename, join } from "@std/path";
import type { Dataset } from "../../lib/data/dataset.ts";
import { deformations } from "../../lib/data/augment/mod.ts";
import { averageEvaluations } from "../../lib/evaluate/mod.ts";
import { losses } from "../../lib/nn/mod.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Manifest } from "../../lib/run/manifest.ts";
import { NO_OBSERVATIONS } from "../../lib/run/observations.ts";
import { decodeModel } from "../../lib/run/model.ts";
import type { SplitName } from "../../lib/data/parts.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import type { NamedDeformations } from "../experiment/building.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import {
  configOf,
  memberPaths,
  optionsOf,
  readFinished,
  readRecord,
} from "../experiment/read_run.ts";
import { type Context, stages } from "../experiment/stages.ts";
import type { Artifacts } from "../experiment/artifacts.ts";

export async function run(
  { words: [path], options }: CallOf<typeof command>,
): Promise<void> {
  const { on, deformations: copies, against, dataDir: dataDirectory, threads: workers } = options;
  const where = { copies, dataDirectory, cacheDirectory: CACHE, workers };
  const { evaluations, classes } = await evaluateRun(path, { on, ...where });
  for (const evaluation of evaluations) console.log(evaluationLine(evaluation, classes));
  if (against === undefined) return;
  const parts = evaluations.map(({ part }) => part);
  const other = await evaluateRun(against, { on: parts, ...where });
  // evaluations are of the parts that are asked for, in their order
  evaluations.forEach((evaluation, index) =>
    console.log(
      comparisonLine([basename(path), evaluation], [basename(against), other.evaluations[index]]),
    )
  );
}

interface EvaluateOptions {
  /** The parts; those of the run's config if undefined. */
  readonly on: readonly SplitName[] | undefined;
  /** Copies of each sample, deformed as in training, that are asked about too; the run's own number if undefined. */
  readonly copies: number | undefined;
  readonly dataDirectory: string | undefined;
  readonly cacheDirectory: string;
  readonly workers: number;
}

interface RunEvaluations {
  readonly evaluations: readonly Evaluation[];
  readonly classes: readonly string[];
}

/**
 * Evaluates the model of a finished run on parts of its data, or the members of a committee; changes
 * nothing.
 *
 * @throws {Error} if the folder holds no finished run, or a file in it or the data was changed
 * @throws {TypeError} if the members of a committee have other samples in such a part
 */
async function evaluateRun(
  path: string,
  options: EvaluateOptions,
): Promise<RunEvaluations> {
  const members = await memberPaths(path);
  if (members === undefined) return await evaluateModel(path, options);
  const { evaluations: before, classes } = await readRecord(path);
  const on = options.on ?? before.map(({ part }) => part);
  const asked: RunEvaluations[] = [];
  for (const member of members) asked.push(await evaluateModel(member, { ...options, on }));
  const evaluations = on.map((_, index) =>
    averageEvaluations(asked.map(({ evaluations }) => evaluations[index]))
  );
  return { evaluations, classes };
}

async function evaluateModel(
  path: string,
  { on, copies, dataDirectory, cacheDirectory, workers }: EvaluateOptions,
): Promise<RunEvaluations> {
  const { manifest, files } = await readFinished(path, [FILES.config, FILES.model]);
  const config = configOf(files.get(FILES.config) as Uint8Array, path);
  const model = decodeModel(
    files.get(FILES.model) as Uint8Array,
    `model "${join(path, FILES.model)}"`,
  );
  const context = contextOf(config, { dataDirectory, cacheDirectory, workers });
  const parts = await loadParts(path, { config, manifest }, context);
  const { loss: named, deform } = optionsOf(config, "train", path);
  const record = await readRecord(path);
  const trained: Artifacts["model"] = {
    model,
    loss: losses.create(named),
    deform,
    history: record,
    observations: NO_OBSERVATIONS,
    learned: record.parameters,
  };
  const own = evaluateOptionsOf(config, on, path);
  const options = { ...own, deformations: copies ?? own.deformations };
  if (options.deformations > 0) expectDeformations(deform, options.deformations, path);
  const { evaluations } = await stages.evaluate.run(options, { parts, model: trained }, context);
  return { evaluations: evaluations.evaluations, classes: model.classes };
}

/** What stages need to know that do nothing which could be stopped or watched. */
export function contextOf(
  { seed }: ExperimentConfig,
  where: Pick<Context, "dataDirectory" | "cacheDirectory" | "workers">,
): Context {
  return {
    seed,
    ...where,
    signal: new AbortController().signal,
    onLoad: () => {},
    onStart: () => {},
    onCheckpoint: () => Promise.resolve(),
  };
}

/**
 * The parts of the data that a finished run was made with.
 *
 * @throws {Error} if it cannot be loaded, or is other data
 */
export async function loadParts(
  path: string,
  { config, manifest }: { readonly config: ExperimentConfig; readonly manifest: Manifest },
  context: Context,
): Promise<Artifacts["parts"]> {
  const { dataset } = await stages.load.run(optionsOf(config, "load", path), {}, {
    ...context,
    known: manifest.data,
    configFolder: path,
  });
  expectSameData(dataset, manifest);
  const { parts } = await stages.split.run(optionsOf(config, "split", path), { dataset }, context);
  return parts;
}

/** How the run evaluates, or would if its config asked for nothing else than some parts. */
function evaluateOptionsOf(
  config: ExperimentConfig,
  on: EvaluateOptions["on"],
  path: string,
): Parameters<typeof stages.evaluate.run>[0] {
  if (on === undefined) return optionsOf(config, "evaluate", path);
  const isEvaluated = config.pipeline.some(({ stage }) => stage === "evaluate");
  const deformations = isEvaluated ? optionsOf(config, "evaluate", path).deformations : 0;
  return { on: [...on], deformations };
}

/** Copies can be made only of images that training has a way to deform by themselves. */
function expectDeformations(deform: NamedDeformations, copies: number, path: string): void {
  if (deform?.some((named) => !deformations.create(named).isMixture)) return;
  throw new RangeError(
    `Cannot evaluate run "${path}": expected no deformed copies where training deforms no image by ` +
      `itself: received ${copies}`,
  );
}

function expectSameData({ hashes }: Dataset, { run, data }: Manifest): void {
  const other = data.find(({ sha256 }, index) => hashes[index]?.sha256 !== sha256);
  if (other === undefined && data.length === hashes.length) return;
  throw new Error(
    `Cannot evaluate run "${run}": expected the data that it was made with: ` +
      `received another "${other?.file ?? "data set"}"`,
  );
}
