/**
 * Runs a sweep: a run for each combination of a grid's values, and tables that compare the runs.
 *
 * The tables are written to a folder beside those of the runs. Equal results give equal bytes; the times of
 * runs are therefore only printed.
 *
 * @module
 */
import { printLine, printMessage } from "../../lib/io/print.ts";
import { join } from "@std/path";
import {
  type BoundaryData,
  drawBoundaryGrid,
  readBoundaryData,
} from "../../lib/analysis/sweep/boundaries.ts";
import { sweepFigure } from "../../lib/analysis/sweep/figure.ts";
import {
  encodeSweptRuns,
  encodeSweptSettings,
  FOLD,
  groupBySetting,
} from "../../lib/analysis/sweep/model.ts";
import {
  formatSweepResult,
  settingsTable,
  type Sweep,
  sweepDrawing,
  sweptRunsTable,
} from "../../lib/analysis/sweep/tables.ts";
import type { GridRuns } from "../../lib/config/grid.ts";
import { joinFolds } from "../../lib/evaluate/mod.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { ClaimedError, waitForRelease } from "../../lib/io/results/claim.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { varyingKeys } from "../../lib/report/runs/names.ts";
import { chooseRanking } from "../../lib/report/runs/ranking.ts";
import { SPLIT_COLUMNS } from "../../lib/report/runs/table.ts";
import { FILES } from "../../lib/run/folder.ts";
import { collectionId } from "../../lib/run/identity.ts";
import { slug } from "../../lib/run/names.ts";
import { jsonLines, prettyJson } from "../../lib/run/json.ts";
import { type ScoredRun, scoredRun, withoutTestScore } from "../../lib/run/scored_run.ts";
import { suspiciousLines } from "../../lib/run/suspicious.ts";
import { openBoard } from "../cli/board.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, selectDetail, UsageError } from "../cli/options.ts";
import { formatTableForTerminal, MOST_LETTERS, writePngsBeside } from "../cli/printing.ts";
import { dataSearchLocations, readGridFile } from "../experiment/config_file.ts";
import { readFinished, readRecord } from "../experiment/read_run.ts";
import type { stageTable } from "../experiment/stage_table.ts";
import type { command } from "../sweep.ts";
import { shardCommands } from "./list.ts";
import {
  configWithDataHashes,
  type ManyRunsOptions,
  readRunTime,
  type RequestedRun,
  requestedRuns,
  runMany,
  type RunOutcome,
} from "./many_runs.ts";

export async function run(invocation: InvocationOf<typeof command>): Promise<number> {
  const { positionals: [file], options, startup, signal } = invocation;
  const { shard } = options;
  const grid = readGridFile(file, options.set, "sweep");
  if (options.list) {
    if (shard !== undefined) throw new UsageError("expected --list or --shard, not both");
    for (const line of shardCommands(grid.runs.length, invocation, Deno.cwd())) printLine(line);
    return 0;
  }
  const requested = requestedRuns(grid).filter((_, index) =>
    shard === undefined || index % shard.count === shard.number - 1
  );
  const outcomes = await runWithBoard(requested, {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(file, grid.config),
    fresh: options.fresh,
    detail: selectDetail(options),
    test: options.test,
    signal,
  });
  const { folder, lines } = shard === undefined
    ? await writeTables(grid, outcomes, { ...options, signal })
    : { lines: outcomes.flatMap(({ path }) => path ?? []) };
  if (folder !== undefined) await writePngsBeside(folder, options.png);
  for (const line of lines) printLine(line);
  const failures = outcomes.flatMap(({ label, error }) =>
    error === undefined ? [] : { label, error }
  );
  for (const { label, error } of failures) printMessage(`failed: ${label}: ${error.message}`);
  if (folder !== undefined) printLine(folder);
  return failures.length === 0 ? 0 : 1;
}

/** Trains runs while a board shows their progress. */
async function runWithBoard(
  requested: readonly RequestedRun[],
  options: Omit<ManyRunsOptions, "board">,
): Promise<readonly RunOutcome[]> {
  using board = openBoard(options.detail, requested.length);
  return await runMany(requested, { ...options, board });
}

/**
 * Writes the tables and figures of a sweep, and returns their folder and the lines to print. If no run
 * finished, writes nothing and returns no folder.
 */
async function writeTables(
  grid: GridRuns<typeof stageTable>,
  outcomes: readonly RunOutcome[],
  { output, test, signal }: Pick<ManyRunsOptions, "output" | "test" | "signal">,
): Promise<{ readonly folder?: string; readonly lines: readonly string[] }> {
  const times = new Map<ScoredRun, string>();
  const decided = new Map<ScoredRun, BoundaryData>();
  for (const { settings, path } of outcomes) {
    if (path === undefined) continue;
    const record = await readRecord(path);
    const scored = scoredRun(settings, record);
    const run = test ? scored : withoutTestScore(scored);
    times.set(run, formatDuration(await readRunTime(path)));
    const found = readBoundaryData(record);
    if (found !== undefined) decided.set(run, found);
  }
  const finished = outcomes.find(({ path }) => path !== undefined)?.path;
  if (finished === undefined) return { lines: [] };
  const { manifest: { data } } = await readFinished(finished, []);
  const { config, keys } = grid;
  const { name: title, description } = config;
  const names = outcomes.flatMap(({ name }) => name ?? []);
  const name = `${slug(title)}-sweep-${collectionId("sweep", names)}`;
  const runs = [...times.keys()];
  const ranking = chooseRanking(runs, grid.runs.map(({ config }) => config), { test });
  const varying = varyingKeys(keys, grid.runs);
  const sweep: Sweep = { name, title, description, keys: varying, runs, ranking };
  const files = new Map([
    ["sweep.json", prettyJson(configWithDataHashes(grid, data))],
    ["runs.jsonl", encodeSweptRuns(runs)],
    ["settings.jsonl", encodeSweptSettings(groupBySetting(runs), ranking)],
    ["table.svg", sweepDrawing(sweep)],
    ["figure.svg", sweepFigure(sweep)],
  ]);
  const boundaries = drawBoundaryGrid(sweep, decided);
  if (boundaries !== undefined) files.set("boundaries.svg", boundaries);
  if (keys.includes(FOLD)) files.set(FILES.suspicious, await formatSuspiciousLabels(outcomes));
  const folder = join(output, name);
  await writeExclusively(folder, files, signal);
  const time = (run: ScoredRun) => times.get(run) as string;
  const settings = settingsTable(sweep);
  const swept = sweptRunsTable(sweep, { time });
  const lines = [
    ...formatTableForTerminal(settings, {
      keys: settings.columns.flatMap(({ align }, index) => align === "left" ? [index] : []),
      most: MOST_LETTERS,
      stays: SPLIT_COLUMNS,
    }),
    ...formatTableForTerminal(swept, {
      keys: [swept.columns.length - 1],
      most: MOST_LETTERS,
      stays: SPLIT_COLUMNS,
    }),
    ...formatSweepResult(sweep),
    "",
  ];
  return { folder, lines };
}

/**
 * Writes files into a folder as soon as no other process writes to it, since two equal sweeps may end at
 * the same time.
 *
 * @param files content of each file by its path in the folder
 */
async function writeExclusively(
  folder: string,
  files: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await writeResultFolder(folder, files);
    } catch (error) {
      if (!(error instanceof ClaimedError) || signal.aborted) throw error;
      await waitForRelease([folder], { signal });
    }
  }
}

/**
 * Formats the suspicious labels of a cross-validation as lines of JSON: labels that differ from the
 * prediction of the network that did not train on the sample. The validation splits of the folds with equal
 * other settings are joined, since each fold holds out different samples.
 */
async function formatSuspiciousLabels(outcomes: readonly RunOutcome[]): Promise<string> {
  const common = ({ settings }: RunOutcome) => settings.filter(({ key }) => key !== FOLD);
  const finished = outcomes.filter(({ path }) => path !== undefined);
  const groups = Map.groupBy(finished, (outcome) => JSON.stringify(common(outcome)));
  const lines: unknown[] = [];
  for (const folds of groups.values()) {
    const records = await Promise.all(folds.map(({ path }) => readRecord(path as string)));
    const held = records.flatMap(({ evaluations }) =>
      evaluations.filter(({ split }) => split === "validation")
    );
    if (held.length === 0) continue;
    const settings = common(folds[0]);
    const varied = settings.length === 0 ? {} : { settings };
    for (const line of suspiciousLines([joinFolds(held)], records[0].classes)) {
      lines.push({ ...varied, ...line });
    }
  }
  return jsonLines(lines);
}
