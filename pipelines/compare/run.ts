import { dirname, join, resolve } from "@std/path";
import {
  buildComparedRun,
  type ComparedRun,
  type CompareOptions,
  comparePairs,
  compareRuns,
  type Comparison,
  encodeComparison,
} from "../../lib/analysis/compare/comparison.ts";
import {
  encodeDisagreements,
  findDisagreements,
} from "../../lib/analysis/compare/disagreements.ts";
import {
  comparisonDrawings,
  type ComparisonFindings,
} from "../../lib/analysis/compare/drawings.ts";
import {
  comparisonEnvironment,
  formatRunTime,
  type TimeFacts,
} from "../../lib/analysis/compare/environment.ts";
import { comparisonNotes, formatResult } from "../../lib/analysis/compare/header.ts";
import { FEW } from "../../lib/analysis/compare/letters.ts";
import { rankingKey, sortableColumns } from "../../lib/analysis/compare/order.ts";
import {
  differencesTable,
  letteredRunsTable,
  pairsTable,
  runsAndOptionsTable,
} from "../../lib/analysis/compare/tables.ts";
import { didYouMean } from "../../lib/config/messages/suggest.ts";
import type { SplitName } from "../../lib/data/split/samples.ts";
import { splitOf } from "../../lib/data/split/split.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { readManifest } from "../../lib/io/results/run_folder.ts";
import { findRun, listRunsOfSweep } from "../../lib/io/results/runs.ts";
import { samplesGallery } from "../../lib/observe/gallery.ts";
import { sortedIndices } from "../../lib/report/runs/ordering.ts";
import { SPLIT_COLUMNS } from "../../lib/report/runs/table.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Gallery, RunRecord } from "../../lib/run/record.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import { formatTableForTerminal, MOST_LETTERS, printFolder } from "../cli/printing.ts";
import type { command } from "../compare.ts";
import { loadSplits } from "../evaluate/run.ts";
import { foldersToSearch } from "../experiment/open_run.ts";
import { readFinished, readRecord, readRunConfig } from "../experiment/read_run.ts";
import { experimentSchema } from "../experiment/stage_table.ts";
import type { StageContext } from "../experiment/stages.ts";
import { readRunTime } from "../sweep/many_runs.ts";

/** A run as a comparison reads it from its files. */
interface LoadedRun {
  /** Path of the run folder. */
  readonly path: string;
  readonly run: ComparedRun;
  readonly time: TimeFacts;
}

export async function run(
  { positionals, options, startup }: InvocationOf<typeof command>,
): Promise<void> {
  const unordered: LoadedRun[] = [];
  for (
    const path of await findRunPaths(positionals, foldersToSearch(options.output, startup.outputs))
  ) {
    unordered.push(await readComparedRun(path));
  }
  const ordered = orderRuns(unordered, options).map((index) => unordered[index]);
  const comparison = buildComparison(ordered, options);
  const findings = await computeFindings(comparison, ordered, {
    dataDirectory: options.dataDir,
    cacheDirectory: startup.cache,
  });
  const { pairs, disagreements } = findings;
  const times = ordered.map(({ time }) => time);
  const { report, charts } = comparisonDrawings(comparison, findings);
  const files = new Map([["compare.json", encodeComparison(comparison, pairs)]]);
  if (disagreements !== undefined) {
    files.set("disagreements.jsonl", encodeDisagreements(disagreements, comparison.runs));
  }
  for (const { name, svg } of charts) files.set(`${FILES.charts}/${name}.svg`, svg);
  files.set("compare.svg", report);
  files.set(FILES.environment, comparisonEnvironment(comparison, times));
  const folder = join(options.output, comparison.name);
  await writeResultFolder(folder, files);
  const lines = [
    ...formatTables(comparison, findings, times),
    formatResult(comparison, pairs),
    ...comparisonNotes(comparison, pairs).map((note) => `Note: ${note}`),
    "",
  ];
  await printFolder({ folder, lines }, options);
}

/**
 * Finds the paths of runs by names or paths, at least two. The runs of a sweep take its place, without those
 * that are also named or were in an earlier sweep.
 *
 * @param folders folders in which runs are found by name
 * @throws {UsageError} if there are fewer than two runs
 */
async function findRunPaths(
  runNames: readonly string[],
  folders: readonly string[],
): Promise<readonly string[]> {
  const found: { readonly path: string; readonly swept?: readonly string[] | undefined }[] = [];
  for (const word of runNames) {
    const path = await findRun(word, { folders, kinds: ["run", "sweep"] });
    found.push({ path, swept: await listRunsOfSweep(path) });
  }
  const named = found.filter(({ swept }) => swept === undefined).map(({ path }) => resolve(path));
  const seen = new Set(named);
  const paths = found.flatMap(({ path, swept }) =>
    swept === undefined ? [path] : swept.filter((run) => {
      const isNew = !seen.has(resolve(run));
      seen.add(resolve(run));
      return isNew;
    })
  );
  if (paths.length > 1) return paths;
  throw new UsageError(`expected at least two run folders: received ${paths.length}`);
}

/**
 * Tests each pair of runs for a significant difference and, if there are at most eight, finds the samples on
 * which they disagree, with pictures if `where` has a folder of data.
 */
async function computeFindings(
  comparison: Comparison,
  loadedRuns: readonly LoadedRun[],
  where: Pick<StageContext, "dataDirectory" | "cacheDirectory">,
): Promise<ComparisonFindings> {
  const { runs, split } = comparison;
  const pairs = comparePairs(comparison);
  if (runs.length > FEW || split === undefined) return { pairs };
  const disagreements = findDisagreements(runs, split);
  if (disagreements === undefined || where.dataDirectory === undefined) {
    return { pairs, disagreements };
  }
  const rows = disagreements.samples.map(({ row }) => row);
  const { path } = loadedRuns[disagreements.runs[0]];
  const pictures = [await readSampleFeatures(path, { split, rows }, where)];
  return { pairs, disagreements, pictures };
}

/**
 * Loads the features of some samples of a split from the data that a finished run was trained on. Throws an
 * error if a data file differs from that of the training.
 *
 * @param path path of the run folder
 * @param rows rows of the samples in the split's data file
 * @param where folders in which data files are found
 */
export async function readSampleFeatures(
  path: string,
  { split, rows }: { readonly split: SplitName; readonly rows: readonly number[] },
  where: Pick<StageContext, "dataDirectory" | "cacheDirectory">,
): Promise<Gallery> {
  const splits = await loadSplits(path, await readRunConfig(path), { ...where, workers: 1 });
  return samplesGallery(split, splitOf(splits, split), rows);
}

/** Compares runs by their options and scores. */
function buildComparison(runs: readonly LoadedRun[], options: CompareOptions): Comparison {
  return compareRuns(runs.map(({ run }) => run), experimentSchema(), options);
}

/** Reads a finished run for a comparison. */
async function readComparedRun(path: string): Promise<LoadedRun> {
  const record = await readRecord(path);
  const { manifest } = await readFinished(path, []);
  const milliseconds = await totalRunTime(path, record);
  const { machine, finished } = manifest;
  return {
    path,
    run: buildComparedRun(record, manifest),
    time: { milliseconds, machine, finished },
  };
}

/**
 * Returns the time [ms] that a run took; for an ensemble the sum over its members, or undefined if the folder
 * of a member is missing. A run that was resumed counts from then on.
 */
async function totalRunTime(path: string, { members }: RunRecord): Promise<number | undefined> {
  if (members === undefined) return await readRunTime(path);
  let sum = 0;
  for (const { run } of members) {
    const member = join(dirname(path), run);
    if (await readManifest(member) === undefined) return undefined;
    sum += await readRunTime(member);
  }
  return sum;
}

/**
 * Returns the indices of runs, sorted by the key of the option `--sort`. Without it, up to eight runs keep
 * the order of the arguments and more are sorted by rank.
 *
 * @throws {UsageError} if there is no such key
 */
function orderRuns(
  runs: readonly LoadedRun[],
  { sort, reverse, test }: InvocationOf<typeof command>["options"],
): readonly number[] {
  const comparison = buildComparison(runs, { test });
  const key = sort ?? (runs.length > FEW ? rankingKey(comparison) : undefined);
  if (key === undefined) return reverse ? [...runs.keys()].reverse() : [...runs.keys()];
  const columns = sortableColumns(comparison, runs.map(({ time }) => time.milliseconds));
  const column = columns.find(({ names }) => names.includes(key));
  if (column !== undefined) return sortedIndices(column, reverse);
  if (/^test(\.loss)?$/.test(key)) {
    throw new UsageError(`expected --test beside --sort ${key}, or validation in its place`);
  }
  const known = columns.flatMap(({ names }) => names);
  throw new UsageError(
    `expected one of ${known.join(", ")} after --sort: received "${key}"` +
      didYouMean(key, known),
  );
}

/** Formats the tables of a comparison for the terminal. */
function formatTables(
  comparison: Comparison,
  { pairs }: ComparisonFindings,
  times: readonly TimeFacts[],
): readonly string[] {
  const more = { time: (_: ComparedRun, place: number) => formatRunTime(times[place]) };
  const isMany = comparison.runs.length > FEW;
  const tables = isMany
    ? [runsAndOptionsTable(comparison, pairs, more)]
    : [letteredRunsTable(comparison, more), differencesTable(comparison), pairsTable(pairs)];
  return tables.filter(({ rows }) => rows.length > 0).flatMap((table) =>
    formatTableForTerminal(table, {
      // few runs are identified by the first column, many by the last, their folder
      keys: [isMany ? table.columns.length - 1 : 0],
      most: MOST_LETTERS,
      stays: SPLIT_COLUMNS,
    })
  );
}
