import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers } from "../cli/options.ts";
import { printFolder } from "../cli/printing.ts";
import { runWithView } from "../cli/view.ts";
import { dataSearchLocations, readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../profile.ts";
import { join } from "@std/path";
import { formatCount, formatMeasured } from "../../lib/format/numbers.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { describeEnvironment } from "../../lib/io/environment.ts";
import { drawProfile, type ProfilePage } from "../../lib/analysis/profile/drawing.ts";
import type { Ceilings } from "../../lib/analysis/profile/roofline.ts";
import { profileRows, timeByLayer } from "../../lib/analysis/profile/rows.ts";
import { formatLayerTable, formatOperationTable } from "../../lib/analysis/profile/table.ts";
import { buildTrace } from "../../lib/analysis/profile/trace.ts";
import { profileId } from "../../lib/run/identity.ts";
import { slug } from "../../lib/run/names.ts";
import { prettyJson } from "../../lib/run/json.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import { layerWidths } from "../experiment/building.ts";
import { prepareTraining } from "../experiment/experiment.ts";
import { stageOptionsOf } from "../experiment/read_run.ts";
import { experimentSchema } from "../experiment/stage_table.ts";
import { type ProfiledTraining, profileTraining } from "./measure.ts";
import { formatBinaryBytes } from "../../lib/format/bytes.ts";

/** Number of steps that trace.json shows. */
const TRACED = 5;

export async function run(
  { positionals, options, startup, signal }: InvocationOf<typeof command>,
): Promise<void> {
  const { output, threads, seconds } = options;
  const config = readConfigFile(positionals[0], options.set);
  const { name } = config;
  const where = {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(positionals[0], config),
    signal,
  };
  const { prepared, training: { learningRate: schedule, validation: _, ...training } } =
    await runWithView(
      "usual",
      (view) => prepareTraining(config, { ...where, view }),
    );
  const workers = threads === 1 ? [1] : [1, threads];
  const profiles = await profileTraining({ training, schedule, workers, seconds });
  const description =
    `${layerWidths(training.network).join("-")}, batches of ${training.batchSize}, ` +
    stageOptionsOf(config, "train", name).optimizer.name;
  const page: ProfilePage = {
    title: name,
    description,
    sections: profiles.map((profiled) => ({
      ...profiled,
      summary: formatSummary(profiled, training.batchSize),
    })),
  };
  const parameters = training.network.parameters
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const runs = profiles.map((profiled) => ({
    ...profiled,
    name: `${name}, ${formatWorkers(profiled)}`,
  }));
  const files = {
    "profile.json": prettyJson(profileData(
      { name, description, parameters, batchSize: training.batchSize },
      profiles,
    )),
    "profile.svg": drawProfile(page),
    "trace.json": JSON.stringify(buildTrace(runs, TRACED)),
  };
  const id = profileId({
    config,
    schema: experimentSchema(),
    backend: "exact",
    data: prepared.dataset.hashes,
  });
  const folder = join(output, `${slug(name)}-profile-${id}`);
  await writeResultFolder(folder, Object.entries(files));
  await printFolder({ folder, lines: formatProfile(page, profiles) }, options);
}

/** Formats a number of workers: "2 workers". */
function formatWorkers({ workers }: ProfiledTraining): string {
  return workers === 1 ? "1 worker" : `${workers} workers`;
}

/** Formats workers, step time and throughput of a profile in one line. */
function formatSummary(profiled: ProfiledTraining, batchSize: number): string {
  const { median } = profiled.step;
  return `${formatWorkers(profiled)}: ${formatMeasured(median)} µs per step, ` +
    `${formatCount(1e6 * batchSize / median)} samples per second`;
}

/** Formats the measured memory bandwidths. */
function formatBandwidths({ memory }: Ceilings): string {
  return memory
    .map(({ bytes, rate }) => `${formatMeasured(rate)} GB/s in ${formatBinaryBytes(bytes)}`)
    .join(", ");
}

/** Formats profiles as lines for the terminal. */
function formatProfile(
  page: ProfilePage,
  profiles: readonly ProfiledTraining[],
): readonly string[] {
  return [
    `${page.title}: ${page.description}`,
    ...profiles.flatMap((profiled, index) => {
      const { profile, ceilings, step, clock } = profiled;
      const { compute } = ceilings;
      return [
        "",
        page.sections[index]?.summary ?? "",
        `  time per step, 10 % to 90 % quantile of ${profile.steps} steps: ` +
        `${formatMeasured(step.low)} to ${formatMeasured(step.high)} µs`,
        `  sum of the operations' medians: ${formatMeasured(profile.time)} µs; ` +
        `reading the clock, ${Math.round(1000 * clock)} ns each, is subtracted`,
        `  ceilings: ${formatMeasured(compute)} GFLOP/s in registers; memory bandwidth`,
        `  ${formatBandwidths(ceilings)}`,
        "",
        ...formatOperationTable(profile, ceilings),
        "",
        ...formatLayerTable(profile),
      ];
    }),
    "",
  ];
}

/**
 * Returns the content of profile.json: a description of the training, and a profile for each number of
 * workers.
 */
function profileData(
  profiled: {
    readonly name: string;
    readonly description: string;
    /** Number of parameters of the network. */
    readonly parameters: number;
    /** Samples in a step. */
    readonly batchSize: number;
  },
  profiles: readonly ProfiledTraining[],
) {
  return {
    ...profiled,
    units: { time: "microseconds per step", flops: "useful, per step", bytes: "per step" },
    profiles: profiles.map(({ workers, ceilings, profile, step, clock }) => ({
      ...describeEnvironment(workers),
      workers,
      steps: profile.steps,
      step,
      clock,
      ceilings,
      operations: profileRows(profile, ceilings).map(({ gflops, rate, roof, ...row }) => ({
        ...row,
        ...(Number.isNaN(roof) ? {} : { gflops, rate, roof }),
      })),
      layers: timeByLayer(profile),
    })),
  };
}
