/**
 * A sweep: a run for each combination of a grid, and the tables that compare them.
 *
 * The files of the tables, in a folder of their own beside those of the runs, have the same bytes
 * whenever the results are the same; how long runs took is only printed.
 *
 * @module
 */
import type { CallOf } from "../cli/command.ts";
import { CACHE, detailOf } from "../cli/options.ts";
import { drawImages } from "../cli/printing.ts";
import { readVariantsFile } from "../experiment/config_file.ts";
import type { command } from "../sweep.ts";
import { join } from "@std/path";
import type { Setting, Variants } from "../../lib/config/grid.ts";
import { joinFolds } from "../../lib/evaluate/mod.ts";
import { writeFileAtomic, writeFiles } from "../../lib/io/files.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { formatTable } from "../../lib/format/text_table.ts";
import {
  settingsTable,
  type Sweep,
  sweepDrawing,
  sweptRunsTable,
} from "../../lib/analysis/sweep/tables.ts";
import { sweepFigure } from "../../lib/analysis/sweep/figure.ts";
import { FILES } from "../../lib/run/folder.ts";
import { collectionId, slug } from "../../lib/run/identity.ts";
import { jsonLines, prettyJson } from "../../lib/run/json.ts";
import { type ScoredRun, scoredRun } from "../../lib/run/scored_run.ts";
import { suspiciousLines } from "../../lib/run/suspicious.ts";
import {
  encodeSweptRuns,
  encodeSweptSettings,
  FOLD,
  settingsOf,
} from "../../lib/analysis/sweep/model.ts";
import { openBoard } from "../cli/board.ts";
import { readRecord } from "../experiment/read_run.ts";
import {
  askedRuns,
  type ManyRunsOptions,
  runMany,
  type RunOutcome,
  runWords,
  timeOf,
} from "./many_runs.ts";
import type { ExperimentConfig, stageTable } from "../experiment/stage_table.ts";

/** Runs a sweep, and prints tables, failures and the folder. */
export async function run(
  { words: [config], options, signal }: CallOf<typeof command>,
): Promise<number> {
  const { output, dataDir: dataDirectory, threads: workers, fresh, png } = options;
  const { tables, failures, folder } = await runSweep(
    readVariantsFile(config, options.set, "sweep"),
    {
      output,
      dataDirectory,
      cacheDirectory: CACHE,
      workers,
      fresh,
      detail: detailOf(options),
      signal,
    },
  );
  if (folder !== undefined) await drawImages(folder, png);
  for (const line of tables) console.log(line);
  for (const line of failures) console.error(line);
  if (folder !== undefined) console.log(folder);
  return failures.length === 0 ? 0 : 1;
}

/** What a sweep came to. */
interface SweepResult {
  /** Folder of its tables; undefined if no run has ended well. */
  readonly folder: string | undefined;
  /** The tables, as lines to print. */
  readonly tables: readonly string[];
  /** A line for each run that has failed. */
  readonly failures: readonly string[];
}

/**
 * Runs every combination of a grid, and writes the tables.
 *
 * @throws {StoppedError} if it was stopped
 */
async function runSweep(
  grid: Variants<typeof stageTable>,
  options: Omit<ManyRunsOptions, "board" | "words">,
): Promise<SweepResult> {
  const outcomes = await runAll(grid, options);
  const failures = outcomes.flatMap(({ label, error }) =>
    error === undefined ? [] : [`failed: ${label}: ${error.message}`]
  );
  const finished = await Promise.all(outcomes.flatMap(finishedRun));
  const names = outcomes.flatMap(({ name }) => name ?? []);
  const { name: title, description } = grid.config;
  const name = `${slug(title)}-sweep-${collectionId("sweep", names)}`;
  const sweep: Sweep = {
    name,
    title,
    description,
    keys: grid.keys,
    runs: finished.map(({ run }) => run),
  };
  if (finished.length === 0) return { folder: undefined, tables: [], failures };
  const folder = join(options.output, name);
  await writeTables(folder, sweep, grid.config);
  if (grid.keys.includes(FOLD)) {
    await writeFileAtomic(join(folder, FILES.suspicious), await suspiciousOf(outcomes));
  }
  const times = new Map(
    finished.map(({ run, milliseconds }) => [run, formatDuration(milliseconds)]),
  );
  const [settings, runs] = [
    settingsTable(sweep),
    sweptRunsTable(sweep, { time: (run) => times.get(run) as string }),
  ];
  const tables = [settings, runs].flatMap((table) => [...formatTable(table), ""]);
  return { folder, tables, failures };
}

/** Runs them in view. */
async function runAll(
  grid: Variants<typeof stageTable>,
  options: Omit<ManyRunsOptions, "board" | "words">,
): Promise<readonly RunOutcome[]> {
  using board = openBoard(options.detail, grid.variants.length);
  return await runMany(askedRuns(grid), { ...options, board, words: runWords });
}

/**
 * The labels that networks disagree with which have not learned from them, a line each: of every setting
 * by all its folds together, since each holds other samples out.
 */
async function suspiciousOf(outcomes: readonly RunOutcome[]): Promise<string> {
  const common = (settings: readonly Setting[]) => settings.filter(({ key }) => key !== FOLD);
  const finished = outcomes.filter(({ path }) => path !== undefined);
  const groups = Map.groupBy(finished, ({ settings }) => JSON.stringify(common(settings)));
  const lines: unknown[] = [];
  for (const folds of groups.values()) {
    const records = await Promise.all(folds.map(({ path }) => readRecord(path as string)));
    const { classes } = records[0];
    const held = records.flatMap(({ evaluations }) =>
      evaluations.filter(({ part }) => part === "validation")
    );
    if (held.length === 0) continue;
    const settings = common(folds[0]?.settings ?? []);
    const varied = settings.length === 0 ? {} : { settings };
    for (const line of suspiciousLines([joinFolds(held)], classes)) {
      lines.push({ ...varied, ...line });
    }
  }
  return jsonLines(lines);
}

/** The figures of a finished run and how long it took; nothing of another one. */
function finishedRun(
  { path, settings }: RunOutcome,
): readonly Promise<{ readonly run: ScoredRun; readonly milliseconds: number }>[] {
  if (path === undefined) return [];
  const read = async () => ({
    run: scoredRun(settings, await readRecord(path)),
    milliseconds: await timeOf(path),
  });
  return [read()];
}

async function writeTables(folder: string, sweep: Sweep, config: ExperimentConfig): Promise<void> {
  const files = {
    "sweep.json": prettyJson(config),
    "runs.jsonl": encodeSweptRuns(sweep.runs),
    "settings.jsonl": encodeSweptSettings(settingsOf(sweep.runs)),
    "table.svg": sweepDrawing(sweep),
    "figure.svg": sweepFigure(sweep),
  };
  await writeFiles(folder, Object.entries(files));
}
