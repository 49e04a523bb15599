/**
 * The profile of a config: its data is loaded, its training step measured, and what came of it written.
 *
 * @module
 */
import type { CallOf } from "../cli/command.ts";
import { CACHE } from "../cli/options.ts";
import { printFolder } from "../cli/printing.ts";
import { readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../profile.ts";
import { join } from "@std/path";
import { formatCount, formatMeasured } from "../../lib/format/numbers.ts";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { surroundings } from "../../lib/io/environment.ts";
import type { Network } from "../../lib/nn/mod.ts";
import { profileDrawing, type ProfilePage } from "../../lib/analysis/profile/drawing.ts";
import type { Ceilings } from "../../lib/analysis/profile/roofline.ts";
import { rowsOf, timeByLayer } from "../../lib/analysis/profile/rows.ts";
import { layerTable, operationTable } from "../../lib/analysis/profile/table.ts";
import { traceOf } from "../../lib/analysis/profile/trace.ts";
import { slug } from "../../lib/run/identity.ts";
import { prettyJson } from "../../lib/run/json.ts";
import { trainingOf } from "../experiment/building.ts";
import type { ExperimentConfig, StageConfig } from "../experiment/stage_table.ts";
import { type ProfiledTraining, profileTraining } from "./measure.ts";
import { type Context, type Prepared, stages } from "../experiment/stages.ts";
import { formatBinaryBytes } from "../../lib/format/bytes.ts";

/** Steps that the trace shows. */
const TRACED = 5;

/** Profiles a config, and prints tables and the folder. */
export async function run({ words, options }: CallOf<typeof command>): Promise<void> {
  const { output, dataDir: dataDirectory, threads, seconds } = options;
  const result = await profileConfig(readConfigFile(words[0], options.set), {
    output,
    dataDirectory,
    cacheDirectory: CACHE,
    workers: threads === 1 ? [1] : [1, threads],
    seconds,
    traced: TRACED,
  });
  await printFolder(result, options);
}

/** Where and how a config is profiled. */
export interface ProfileConfigOptions {
  /** Folder that the profile's folder is made in. */
  readonly output: string;
  /** Where data is looked for in place of the network. */
  readonly dataDirectory: string | undefined;
  /** Folder of the cache of downloads. */
  readonly cacheDirectory: string;
  /** Numbers of workers, the first of them 1. */
  readonly workers: readonly number[];
  /** About how long each profile may take to measure. */
  readonly seconds: number;
  /** Steps that the trace shows. */
  readonly traced: number;
}

/** Profiles a config; returns the folder of the files, and lines to print. */
export async function profileConfig(
  config: ExperimentConfig,
  options: ProfileConfigOptions,
): Promise<{ readonly folder: string; readonly lines: readonly string[] }> {
  const prepared = await prepare(config, options);
  const { stage: _, ...train } = optionsOf(config, "train");
  const { schedule, validation: _unused, ...trained } = trainingOf(train, prepared);
  const training = { ...trained, seed: config.seed };
  const profiles = await profileTraining({ ...options, training, schedule });
  const description =
    `${widthsOf(training.network).join("-")}, batches of ${training.batchSize}, ` +
    train.optimizer.name;
  const name = config.name;
  const folder = join(options.output, slug(name));
  const page: ProfilePage = {
    title: name,
    description,
    sections: profiles.map((profiled) => ({
      ...profiled,
      summary: summaryOf(profiled, training.batchSize),
    })),
  };
  const files = {
    "profile.json": prettyJson(dataOf(config, description, profiles)),
    "profile.svg": profileDrawing(page),
    "trace.json": JSON.stringify(traceOf(
      profiles.map((profiled) => ({ ...profiled, name: `${name}, ${workersText(profiled)}` })),
      options.traced,
    )),
  };
  for (const [file, content] of Object.entries(files)) {
    await writeFileAtomic(join(folder, file), content);
  }
  return { folder, lines: linesOf(page, profiles) };
}

/** Width of the input and of each layer with weights. */
function widthsOf({ inputs, parameters }: Network): readonly number[] {
  return [inputs, ...parameters.flatMap(({ shape: [, columns] }) => columns ?? [])];
}

type StageName = StageConfig["stage"];
type OptionsOfStage<Name extends StageName> = Extract<StageConfig, { readonly stage: Name }>;

/** The stages of a name: one, or none. */
function stagesOf<Name extends StageName>(
  { pipeline }: ExperimentConfig,
  name: Name,
): readonly OptionsOfStage<Name>[] {
  return pipeline.filter(({ stage }) => stage === name) as OptionsOfStage<Name>[];
}

/** The stage of a name; that there is one was checked with the config. */
function optionsOf<Name extends StageName>(
  config: ExperimentConfig,
  name: Name,
): OptionsOfStage<Name> {
  return stagesOf(config, name)[0];
}

/** Runs the stages before training. */
async function prepare(
  config: ExperimentConfig,
  { dataDirectory, cacheDirectory }: ProfileConfigOptions,
): Promise<Prepared> {
  const context: Context = {
    seed: config.seed,
    dataDirectory,
    cacheDirectory,
    workers: 1,
    signal: new AbortController().signal,
    onLoad: () => {},
    onStart: () => {},
    onCheckpoint: () => Promise.resolve(),
  };
  const { dataset } = await stages.load.run(optionsOf(config, "load"), {}, context);
  let { parts } = await stages.split.run(optionsOf(config, "split"), { dataset }, context);
  for (const options of stagesOf(config, "prepare")) {
    ({ parts } = await stages.prepare.run(options, { parts }, context));
  }
  let { normalization } = await stages.normalize.run(
    optionsOf(config, "normalize"),
    { parts },
    context,
  );
  for (const options of stagesOf(config, "reduce")) {
    ({ normalization } = await stages.reduce.run(options, { parts, normalization }, context));
  }
  const prepared = { dataset, parts, normalization };
  stages.train.check?.(optionsOf(config, "train"), prepared);
  return prepared;
}

function workersText({ workers }: ProfiledTraining): string {
  return workers === 1 ? "1 worker" : `${workers} workers`;
}

function summaryOf(profiled: ProfiledTraining, batchSize: number): string {
  const { median } = profiled.step;
  return `${workersText(profiled)}: ${formatMeasured(median)} µs a step, ` +
    `${formatCount(1e6 * batchSize / median)} samples a second`;
}

function bandwidths({ memory }: Ceilings): string {
  return memory.map(({ bytes, rate }) =>
    `${formatMeasured(rate)} GB/s in ${formatBinaryBytes(bytes)}`
  ).join(
    ", ",
  );
}

/** What a terminal shows. */
function linesOf(page: ProfilePage, profiles: readonly ProfiledTraining[]): readonly string[] {
  return [
    `${page.title}: ${page.description}`,
    ...profiles.flatMap((profiled, index) => {
      const { profile, ceilings, step, clock } = profiled;
      const { compute } = ceilings;
      return [
        "",
        page.sections[index]?.summary ?? "",
        `  a tenth of the ${profile.steps} steps took less than ${
          formatMeasured(step.low)
        } µs, a tenth more ` +
        `than ${formatMeasured(step.high)} µs`,
        `  sum of the operations' medians: ${
          formatMeasured(profile.time)
        } µs; a look at the clock, ` +
        `${Math.round(1000 * clock)} ns, is taken off each`,
        `  ceilings: ${formatMeasured(compute)} GFLOP/s in registers; in memory`,
        `  ${bandwidths(ceilings)}`,
        "",
        ...operationTable(profile, ceilings),
        "",
        ...layerTable(profile),
      ];
    }),
    "",
  ];
}

/** What profile.json holds. */
function dataOf(
  config: ExperimentConfig,
  description: string,
  profiles: readonly ProfiledTraining[],
) {
  return {
    name: config.name,
    description,
    units: { time: "microseconds a step", flops: "useful, a step", bytes: "a step" },
    profiles: profiles.map(({ workers, ceilings, profile, step, clock }) => ({
      ...surroundings(workers),
      workers,
      steps: profile.steps,
      step,
      clock,
      ceilings,
      operations: rowsOf(profile, ceilings).map(({ gflops, rate, roof, ...row }) => ({
        ...row,
        ...(Number.isNaN(roof) ? {} : { gflops, rate, roof }),
      })),
      layers: timeByLayer(profile),
    })),
  };
}
