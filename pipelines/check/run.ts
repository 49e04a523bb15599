import { outlineNetwork, trainingBytes } from "../../lib/analysis/check/outline.ts";
import { formatBytes } from "../../lib/format/bytes.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { formatCount, formatCountWithNoun, formatNumber } from "../../lib/format/numbers.ts";
import { left, right } from "../../lib/format/text_table.ts";
import { printLine } from "../../lib/io/print.ts";
import { prettyJson } from "../../lib/run/json.ts";
import { formatShape } from "../../lib/tensor/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers } from "../cli/options.ts";
import { formatTableForTerminal } from "../cli/printing.ts";
import { runWithView } from "../cli/view.ts";
import { buildTraining, fillInClassCount } from "../experiment/building.ts";
import { dataSearchLocations, readConfigFile } from "../experiment/config_file.ts";
import { prepareTraining } from "../experiment/experiment.ts";
import { trainingPlan } from "../experiment/plan.ts";
import { stageOptionsOf } from "../experiment/read_run.ts";
import type { Prepared } from "../experiment/artifacts.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";
import type { command } from "../check.ts";
import type { DatasetOutline } from "../../lib/data/datasets/source.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { outlineDataset, placeholderArtifacts } from "./sizes.ts";
import { newestSpeed } from "./speed.ts";

type CheckInvocation = InvocationOf<typeof command>;

export async function run(invocation: CheckInvocation): Promise<number> {
  const { positionals: [path], options } = invocation;
  const config = readConfigFile(path, options.set);
  const { config: resolved, prepared, training, share = 1 } = await prepareOutline(
    config,
    invocation,
  );
  const { threads: workers } = options;
  if (options.resolved) printLine(prettyJson(resolved).trimEnd());
  const { rows } = trainingPlan(resolved, prepared, { workers, backend: "exact" });
  const width = Math.max(...rows.map(({ label }) => label.length));
  for (const { label, text } of rows) printLine(`${label.padEnd(width)}  ${text}`);
  if (share < 1) {
    const part = formatPercent(share, 1, PLAIN);
    printLine(
      `${"".padEnd(width)}  rows, classes and categories are estimated from ${part} of the table`,
    );
  }
  printLine("");
  await printOutline(training, options.output);
  if (options.ranks !== undefined) {
    const { printRankTimes } = await import("./ranks.ts");
    await printRankTimes(training, options.output, options.ranks);
  }
  return options.train ? await printChecks(training, prepared) : 0;
}

/** A training and the artifacts that it is built from, of which the sizes are right. */
interface OutlinedTraining {
  /** The config, with the number of classes filled in. */
  readonly config: ExperimentConfig;
  /** Artifacts of the stages before training: loaded data, or placeholders of its sizes. */
  readonly prepared: Prepared;
  readonly training: FitOptions;
  /** Fraction of a table from which its sizes are estimated. Defaults to 1. */
  readonly share?: number;
}

/**
 * Builds the training of a config, to print its sizes. The data is loaded only if the option `--train` needs
 * it, or if its sizes cannot be determined without its content; otherwise placeholders stand for it.
 */
async function prepareOutline(
  config: ExperimentConfig,
  { positionals: [path], options, startup, signal }: CheckInvocation,
): Promise<OutlinedTraining> {
  const where = {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(path, config),
    signal,
  };
  const { dataDirectory: directory } = where;
  const outline = options.train ? undefined : await outlineDataset(config, { ...where, directory });
  const outlined = outline && outlineTraining(config, outline);
  if (outlined !== undefined) return outlined;
  const { prepared, training } = await runWithView(
    "usual",
    (view) => prepareTraining(config, { ...where, view }),
  );
  return { config: fillInClassCount(config, prepared.dataset.classes.length), prepared, training };
}

/**
 * Builds the training of a config from the outline of its data set. Returns undefined if the config does not
 * fit the outline and the sizes in the outline are estimates, which may be wrong.
 *
 * @throws {Error} if the config does not fit an outline with exact sizes
 */
function outlineTraining(
  config: ExperimentConfig,
  { dataset, share }: DatasetOutline,
): OutlinedTraining | undefined {
  const resolved = fillInClassCount(config, dataset.classes.length);
  try {
    const prepared = placeholderArtifacts(resolved, dataset);
    const { stage: _, ...train } = stageOptionsOf(resolved, "train", config.name);
    const training = { ...buildTraining(train, prepared), seed: config.seed };
    return { config: resolved, prepared, training, share };
  } catch (error) {
    if (share === 1) throw error;
    return undefined;
  }
}

/**
 * Prints the table of a network's layers, and the total of parameters, operations, memory and expected time.
 *
 * @param outputs folder of results with the runs from which the time follows
 */
async function printOutline(training: FitOptions, outputs: string): Promise<void> {
  const { network, batchSize, train, epochs, optimizer } = training;
  const outline = outlineNetwork(network);
  const rows = outline.layers.map(({ name, inputs, outputs, shapes, parameters, operations }) => [
    name,
    `${formatCount(inputs)} → ${formatCount(outputs)}`,
    Object.entries(shapes).map(([name, shape]) => `${name} ${formatShape(shape)}`).join(", "),
    formatCount(parameters),
    formatNumber(operations / 1e6, 3),
  ]);
  const columns = [
    left("layer"),
    left("width"),
    left("parameters"),
    right("number"),
    right("MFLOP a sample"),
  ];
  formatTableForTerminal({ columns, rows }).forEach((line) => printLine(line));
  const { size: batch } = divideIntoBatches(train.rows.length, batchSize);
  const slots = optimizer.slots.length - (optimizer.numbers?.length ?? 0);
  const bytes = trainingBytes(outline, { batch, slots });
  const work = outline.operations * train.rows.length * epochs;
  printLine(
    `total       ${formatCountWithNoun(outline.parameters, "parameter")}, ${
      formatNumber(outline.operations / 1e6, 3)
    } MFLOP a sample, ${formatNumber(work / 1e9, 3)} GFLOP in all`,
  );
  printLine(`memory      ${formatBytes(bytes)} for parameters and batches, beside the data`);
  printLine(`time        ${await estimateTime(work, outputs)}`);
}

/**
 * Formats the expected time of a number of floating-point operations at the speed of the newest run or
 * profile in a folder of results, or a note that there is none.
 */
async function estimateTime(operations: number, outputs: string): Promise<string> {
  const measured = await newestSpeed(outputs);
  if (measured === undefined) return "not measured here: it is known after the first finished run";
  const { name, operationsPerMillisecond: rate } = measured;
  return `about ${formatDuration(operations / rate)} of steps, by the rate of ${name}`;
}

/** Runs the sanity checks and prints their outcomes. Returns the exit code: 1 if one failed, 0 otherwise. */
async function printChecks(training: FitOptions, { dataset }: Prepared): Promise<number> {
  const { sanityChecks } = await import("./sanity.ts");
  const checks = await sanityChecks(training, { classes: dataset.classes.length });
  const rows = checks.map(({ name, passed, text, remedy }) => [
    name,
    passed ? "pass" : "FAIL",
    passed ? text : `${text}: ${remedy}`,
  ]);
  printLine("");
  formatTableForTerminal({ columns: [left("check"), left("result"), left("figures")], rows })
    .forEach((line) => printLine(line));
  return checks.every(({ passed }) => passed) ? 0 : 1;
}
