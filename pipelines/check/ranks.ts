/**
 * Prints the expected time of a training step by ranks.
 *
 * @module
 */
import { join } from "@std/path";
import {
  estimateRankTime,
  type Link,
  type StepParts,
} from "../../lib/analysis/check/rank_times.ts";
import { outlineNetwork } from "../../lib/analysis/check/outline.ts";
import { formatCountWithNoun, formatNumber } from "../../lib/format/numbers.ts";
import { right } from "../../lib/format/text_table.ts";
import { readFileIfAny } from "../../lib/io/files.ts";
import { printLine } from "../../lib/io/print.ts";
import { listRuns } from "../../lib/io/results/runs.ts";
import { FILES } from "../../lib/run/folder.ts";
import { decodeTiming, type RunTiming } from "../../lib/run/timing.ts";
import { sum } from "../../lib/tensor/math/statistics.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { formatTableForTerminal } from "../cli/printing.ts";

/**
 * The link between ranks that is assumed if no run has measured one: latency [µs], and bandwidth [bytes per
 * µs] of 10 Gbit/s.
 */
const ASSUMED: Link = { latency: 30, bandwidth: 1250 };

/** A finished run with its times. */
interface TimedRun {
  readonly run: string;
  readonly parameters: number;
  readonly timing: RunTiming;
}

/**
 * Prints the expected time of a training step for 1, 2, 4, … ranks and for `mostRanks` ranks, or a note that
 * no run has measured times.
 *
 * @param outputs folder of results with the runs whose times are used
 */
export async function printRankTimes(
  training: FitOptions,
  outputs: string,
  mostRanks: number,
): Promise<void> {
  const runs = await readTimedRuns(outputs);
  const rate = runs.find(({ timing }) =>
    timing.link === undefined && timing.training !== undefined
  );
  const parts = rate && estimateStepParts(training, rate);
  if (rate === undefined || parts === undefined) {
    printLine("ranks       not measured here: known after the first finished run without ranks");
    return;
  }
  const measured = runs.find(({ timing }) => timing.link !== undefined);
  const link = measured?.timing.link ?? ASSUMED;
  const times = rankCountsUpTo(mostRanks).map((ranks) => estimateRankTime(parts, link, ranks));
  const [one] = times;
  const rows = times.map(({ ranks, computing, exchange, total }) => [
    `${ranks}`,
    ...[computing, exchange, total].map((time) => `${formatNumber(time / 1000, 3)} ms`),
    `${formatNumber(one.total / total, 3)} ×`,
  ]);
  const columns = ["ranks", "computing", "exchange", "step", "speed"].map(right);
  printLine("");
  formatTableForTerminal({ columns, rows }).forEach((line) => printLine(line));
  printLine(formatLink(measured?.run, link));
  printLine(`rates       of ${rate.run}`);
  const best = times.reduce((best, each) => each.total < best.total ? each : best);
  printLine(`ranks       ${formatVerdict(best.ranks, mostRanks)}`);
}

/**
 * Formats the conclusion about the number of ranks.
 *
 * @param bestRanks number of ranks with the shortest expected step
 * @param mostRanks largest number that was considered
 */
function formatVerdict(bestRanks: number, mostRanks: number): string {
  if (bestRanks === 1) return "do not pay: exchanges take longer than the computing that they save";
  if (bestRanks === mostRanks) {
    return `${formatCountWithNoun(bestRanks, "rank")} are fastest of these`;
  }
  return `more than ${formatCountWithNoun(bestRanks, "rank")} do not pay`;
}

/**
 * Formats latency and bandwidth of a link; `run` names the run that measured it, undefined if it is assumed.
 */
function formatLink(run: string | undefined, { latency, bandwidth }: Link): string {
  const figures = `${formatNumber(latency, 3)} µs latency, ` +
    `${formatNumber(8 * bandwidth / 1000, 3)} Gbit/s`;
  return run === undefined
    ? `link        assumed: ${figures}; deno task train:mpi measures it`
    : `link        ${figures}, measured by ${run}`;
}

/** Returns the powers of two 1, 2, 4, … below `mostRanks`, followed by `mostRanks`. */
function rankCountsUpTo(mostRanks: number): readonly number[] {
  const powers = Array.from({ length: Math.ceil(Math.log2(mostRanks)) }, (_, index) => 2 ** index);
  return [...powers, mostRanks];
}

/** Reads the finished runs in a folder of results that have a file of times, newest first. */
async function readTimedRuns(outputs: string): Promise<readonly TimedRun[]> {
  const { runs } = await listRuns(outputs);
  const finished = runs.filter(({ kind, state }) => kind === "run" && state === "finished")
    .toSorted((a, b) => Number(b.date ?? 0) - Number(a.date ?? 0));
  const found: TimedRun[] = [];
  for (const { run, parameters } of finished) {
    const bytes = await readFileIfAny(join(outputs, run, FILES.timing), "run");
    if (bytes === undefined || parameters === undefined) continue;
    found.push({ run, parameters, timing: decodeTiming(new TextDecoder().decode(bytes)) });
  }
  return found;
}

/**
 * Estimates the times [µs] of the parts of a training step, gradients and update, from those of a finished
 * run, in proportion to operations and parameters. Returns undefined if the run has no times of steps.
 */
function estimateStepParts(
  { network, batchSize, train, optimizer, shards = 1 }: FitOptions,
  { parameters: known, timing: { training } }: TimedRun,
): StepParts | undefined {
  const milliseconds = training?.activities.find(({ training }) => training === "steps")
    ?.milliseconds;
  if (training === undefined || milliseconds === undefined) return undefined;
  const { steps, samples } = training.steps;
  if (steps === 0 || samples === 0) return undefined;
  const isUpdate = ({ pass }: { readonly pass: string }) => pass === "update";
  const update = sum(
    training.operations.filter(isUpdate).map(({ microseconds }) => microseconds),
  );
  const gradients = Math.max(0, 1000 * milliseconds / steps - update);
  const { parameters, operations } = outlineNetwork(network);
  const { size: batch } = divideIntoBatches(train.rows.length, batchSize);
  return {
    gradients: gradients * batch * operations / (samples / steps * 6 * known),
    update: update * parameters / known,
    parameters,
    slots: optimizer.slots.length - (optimizer.numbers?.length ?? 0),
    batch,
    shards,
  };
}
