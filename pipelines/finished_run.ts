/**
 * What can be done with a finished run: evaluating its model, drawing its report.
 *
 * @module
 */
import { join } from "@std/path";
import { parseConfig } from "../lib/config/read.ts";
import { isFinished, readRunFiles } from "../lib/io/run_folder.ts";
import { writeFileAtomic } from "../lib/io/files.ts";
import { losses } from "../lib/nn/mod.ts";
import { FILES } from "../lib/run/folder.ts";
import { parseJson } from "../lib/run/json.ts";
import { decodeModel } from "../lib/run/model.ts";
import type { Evaluation, PartName } from "../lib/run/record.ts";
import { RULES } from "./config_file.ts";
import { drawn, type ExperimentConfig } from "./experiment.ts";
import { readRecord } from "./outcome.ts";
import { type Artifacts, type Context, stages } from "./stages.ts";

/** What is evaluated, and where its data is. */
export interface EvaluateOptions {
  /** The parts; those of the run's config if undefined. */
  readonly on: readonly PartName[] | undefined;
  readonly dataDirectory: string | undefined;
}

/**
 * Evaluates the model of a finished run on parts of its data; changes nothing.
 *
 * @throws {Error} if the folder holds no finished run, or a file in it was changed
 */
export async function evaluateRun(
  path: string,
  { on, dataDirectory }: EvaluateOptions,
): Promise<{ readonly evaluations: readonly Evaluation[]; readonly classes: readonly string[] }> {
  await expectFinished(path);
  const files = await readRunFiles(path, [FILES.config, FILES.model]);
  const config = configOf(files.get(FILES.config) as Uint8Array, path);
  const model = decodeModel(
    files.get(FILES.model) as Uint8Array,
    `model "${join(path, FILES.model)}"`,
  );
  const context: Context = {
    seed: config.seed,
    dataDirectory,
    cacheDirectory: ".cache",
    signal: new AbortController().signal,
    onLoad: () => {},
    onStart: () => {},
    onCheckpoint: () => Promise.resolve(),
  };
  const { dataset } = await stages.load.run(optionsOf(config, "load"), {}, context);
  const { parts } = await stages.split.run(optionsOf(config, "split"), { dataset }, context);
  const loss = losses.create(optionsOf(config, "train").loss);
  const options = on === undefined ? optionsOf(config, "evaluate") : { on };
  const history = await readRecord(path);
  const trained: Artifacts["model"] = { model, loss, history };
  const { evaluations } = await stages.evaluate.run(options, { parts, model: trained }, context);
  return { evaluations: evaluations.evaluations, classes: model.classes };
}

/**
 * Draws the report of a finished run again; returns its path.
 *
 * @throws {Error} if the folder holds no finished run, or a file in it was changed
 */
export async function drawRun(path: string): Promise<string> {
  await expectFinished(path);
  for (const [name, content] of drawn(await readRecord(path))) {
    await writeFileAtomic(join(path, name), content);
  }
  return join(path, FILES.report);
}

async function expectFinished(path: string): Promise<void> {
  if (await isFinished(path)) return;
  throw new Error(
    `Cannot read run "${path}": expected a finished run with the files that its manifest tells of`,
  );
}

function configOf(bytes: Uint8Array, path: string): ExperimentConfig {
  const name = `config "${join(path, FILES.config)}"`;
  return parseConfig(parseJson(new TextDecoder().decode(bytes), name), RULES);
}

type StageConfig = ExperimentConfig["pipeline"][number];

/** Options of a stage that the run had, or those at their default. */
function optionsOf<Name extends StageConfig["stage"]>(
  { pipeline }: ExperimentConfig,
  name: Name,
): Extract<StageConfig, { readonly stage: Name }> {
  const found = pipeline.find(({ stage }) => stage === name);
  if (found === undefined) {
    throw new RangeError(`Cannot read run: expected a stage "${name}": received none`);
  }
  return found as Extract<StageConfig, { readonly stage: Name }>;
}
