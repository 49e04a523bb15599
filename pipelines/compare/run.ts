/**
 * A comparison of finished runs: reading them, ordering them, writing what it came to.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { nearest } from "../../lib/config/suggest.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { NONE, type TextTable } from "../../lib/format/text_table.ts";
import { writeFileAtomic, writeFiles } from "../../lib/io/files.ts";
import { readManifest } from "../../lib/io/run_folder.ts";
import { comparisonDrawings, type Findings } from "../../lib/analysis/compare/drawings.ts";
import { FEW } from "../../lib/analysis/compare/letters.ts";
import { orderBy, orderColumns } from "../../lib/analysis/compare/order.ts";
import { comparisonSurroundings, type TimeFacts } from "../../lib/analysis/compare/environment.ts";
import {
  differencesTable,
  lettersTable,
  optionsTable,
  pairsTable,
} from "../../lib/analysis/compare/tables.ts";
import { OF_PART } from "../../lib/report/runs/table.ts";
import {
  type ComparedRun,
  comparedRun,
  comparePairs,
  compareRuns,
  type Comparison,
  encodeComparison,
  type Pair,
} from "../../lib/analysis/compare/comparison.ts";
import {
  encodeDisagreements,
  findDisagreements,
} from "../../lib/analysis/compare/disagreements.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import type { CallOf } from "../cli/command.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../compare.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import { timeOf } from "../sweep/many_runs.ts";
import { readPictures } from "./pictures.ts";
import { printedTable, printFolder } from "../cli/printing.ts";
import { experimentSchema } from "../experiment/stage_table.ts";

/** Compares runs, and prints tables and the folder. */
export async function run({ words, options }: CallOf<typeof command>): Promise<void> {
  const result = await compareFolders(words, { ...options, dataDirectory: options.dataDir });
  await printFolder(result, options);
}

/** How runs are compared, and where what comes of it is written. */
interface CompareOptions {
  /** Folder that the comparison's folder is made in. */
  readonly output: string;
  /** The column by which runs are ordered; as given, or by accuracy if they are many, if undefined. */
  readonly sort: string | undefined;
  /** Whether the order is the other way round. */
  readonly reverse: boolean;
  /** Where pictures of samples are looked for; only run folders have some if undefined. */
  readonly dataDirectory: string | undefined;
}

/** What a comparison came to. */
interface CompareResult {
  /** Its folder. */
  readonly folder: string;
  /** The tables, as lines to print. */
  readonly lines: readonly string[];
}

/** A run that was read, and what is not the same every time. */
interface ReadRun {
  readonly path: string;
  readonly run: ComparedRun;
  readonly time: TimeFacts;
}

/**
 * Compares finished runs, and writes what it came to.
 *
 * @throws {Error} if a folder holds no finished run, or one of its files was changed
 * @throws {RangeError} if a run is given twice
 * @throws {UsageError} if there is no column of the given name
 */
async function compareFolders(
  paths: readonly string[],
  { output, sort, reverse, dataDirectory }: CompareOptions,
): Promise<CompareResult> {
  const given: ReadRun[] = [];
  for (const path of paths) given.push(await readRun(path));
  const order = orderOf(given, sort, reverse);
  const ordered = order.map((place) => given[place]);
  const comparison = comparisonOf(ordered);
  const findings = await findingsOf(comparison, ordered, dataDirectory);
  const times = ordered.map(({ time }) => time);
  const folder = join(output, comparison.name);
  await writeComparison(folder, comparison, findings);
  await writeFileAtomic(
    join(folder, FILES.surroundings),
    comparisonSurroundings(comparison, times),
  );
  return { folder, lines: tablesOf(comparison, findings.pairs, times) };
}

/** What there is to find about the runs; samples that they disagree about only of few runs. */
async function findingsOf(
  { runs, part }: Comparison,
  read: readonly ReadRun[],
  dataDirectory: string | undefined,
): Promise<Findings> {
  const pairs = comparePairs(runs);
  if (runs.length > FEW || part === undefined) return { pairs };
  const disagreements = findDisagreements(runs, part);
  if (disagreements === undefined || dataDirectory === undefined) return { pairs, disagreements };
  const rows = disagreements.samples.map(({ row }) => row);
  const { path } = read[disagreements.runs[0]];
  const pictures = [await readPictures(path, { part, rows }, dataDirectory)];
  return { pairs, disagreements, pictures };
}

function comparisonOf(runs: readonly ReadRun[]): Comparison {
  return compareRuns(runs.map(({ run }) => run), experimentSchema());
}

async function readRun(path: string): Promise<ReadRun> {
  const record = await readRecord(path);
  const { manifest } = await readFinished(path, []);
  const milliseconds = await wholeTime(path, record);
  const { machine, finished } = manifest;
  const words = milliseconds === undefined ? NONE : formatDuration(milliseconds);
  const time = { milliseconds, words, machine, finished };
  return { path, run: comparedRun(record, manifest), time };
}

/** How long a run took, a committee with its members; undefined if one of them is no longer there. */
async function wholeTime(path: string, { members }: RunRecord): Promise<number | undefined> {
  if (members === undefined) return await timeOf(path);
  let sum = 0;
  for (const { run } of members) {
    const member = join(dirname(path), run);
    if (await readManifest(member) === undefined) return undefined;
    sum += await timeOf(member);
  }
  return sum;
}

/** The places of the runs in the order in which they are compared. */
function orderOf(
  runs: readonly ReadRun[],
  sort: string | undefined,
  reverse: boolean,
): readonly number[] {
  const key = sort ?? (runs.length > FEW ? "accuracy" : undefined);
  const places = runs.map((_, place) => place);
  if (key === undefined) return reverse ? places.reverse() : places;
  const columns = orderColumns(comparisonOf(runs), runs.map(({ time }) => time.milliseconds));
  const column = columns.find(({ names }) => names.includes(key));
  if (column !== undefined) return orderBy(column, reverse);
  const known = columns.flatMap(({ names }) => names);
  const near = nearest(key, known);
  const hint = near === undefined ? "" : `: did you mean "${near}"?`;
  throw new UsageError(
    `expected one of ${known.join(", ")} after --sort: received "${key}"${hint}`,
  );
}

async function writeComparison(
  folder: string,
  comparison: Comparison,
  findings: Findings,
): Promise<void> {
  const { pairs, disagreements } = findings;
  const { report, charts } = comparisonDrawings(comparison, findings);
  const listed = disagreements === undefined
    ? []
    : [["disagreements.jsonl", encodeDisagreements(disagreements, comparison.runs)] as const];
  const files = new Map([
    ["compare.json", encodeComparison(comparison, pairs)],
    ...listed,
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, svg] as const),
    ["compare.svg", report],
  ]);
  await writeFiles(folder, files);
}

/** Longest text in a cell of a printed table. */
const MOST_LETTERS = 44;

function tablesOf(
  comparison: Comparison,
  pairs: readonly Pair[],
  times: readonly TimeFacts[],
): readonly string[] {
  const more = { time: (_: ComparedRun, place: number) => times[place].words };
  const isMany = comparison.runs.length > FEW;
  const tables: readonly TextTable[] = isMany
    ? [optionsTable(comparison, pairs, more)]
    : [lettersTable(comparison, more), differencesTable(comparison), pairsTable(pairs)];
  return tables.filter(({ rows }) => rows.length > 0).flatMap((table) =>
    printedTable(table, {
      // what a row is says the first column of few runs, and the last, their folder, of many
      key: isMany ? table.columns.length - 1 : 0,
      most: MOST_LETTERS,
      stays: OF_PART,
    })
  );
}
