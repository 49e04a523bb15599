/**
 * Verifying recipes: they are trained anew, and have to come to what is known of them.
 *
 * What is known lies in outputs/samples/NAME/: `runs.jsonl` with a line for each seed, and of the
 * config's own seed the files that a reader looks at.
 *
 * @module
 */
import { meant } from "../../lib/config/problem.ts";
import { nearest } from "../../lib/config/suggest.ts";
import type { CallOf } from "../cli/declaration.ts";
import { CACHE, detailOf, UsageError } from "../cli/options.ts";
import type { command } from "./verify.ts";
import { join } from "@std/path";
import { summarize } from "../../lib/evaluate/mod.ts";
import { readFile, readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { formatDuration } from "../../lib/format/duration.ts";
import { formatTable, left, right, type TextColumn } from "../../lib/format/text_table.ts";
import { FILES } from "../../lib/run/folder.ts";
import { spreadOf } from "../../lib/tensor/statistics.ts";
import {
  decodeVerifiedRuns,
  encodeVerifiedRuns,
  faultsOf,
  testAccuracy,
  type VerifiedRun,
} from "../../lib/analysis/verify/verified.ts";
import { openBoard } from "../cli/board.ts";
import { runCommittee } from "../sweep/ensemble.ts";
import { readConfigFile, readVariantsFile } from "../experiment/config_file.ts";
import { configOf, readFinished, readRecord } from "../experiment/read_run.ts";
import {
  type AskedRun,
  askedRuns,
  type ManyRunsOptions,
  runMany,
  type RunOutcome,
  timeOf,
} from "../sweep/many_runs.ts";
import { type Recipe, recipes } from "./recipes.ts";
import { renameSamples } from "./rename_samples.ts";
import { formatPercent, PLAIN, UNITLESS } from "../../lib/format/percent.ts";

export async function run(
  { words, options, signal }: CallOf<typeof command>,
): Promise<number> {
  if (options.rename) {
    for (const line of await renameSamples("outputs/samples")) console.log(line);
    return 0;
  }
  const { allSeeds, update, keep, output, dataDir: dataDirectory, threads: workers } = options;
  const { table, means, faults } = await verify({
    recipes,
    samples: "outputs/samples",
    names: namesOf(words, Object.keys(recipes)),
    allSeeds,
    update,
    output,
    dataDirectory,
    cacheDirectory: CACHE,
    workers,
    fresh: !keep,
    detail: detailOf(options),
    signal,
  });
  for (const line of [...table, ...means]) console.log(line);
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

/** The recipes that are named, in the order of all; all of them if none is. */
function namesOf(words: readonly string[], known: readonly string[]): readonly string[] {
  const wrong = words.find((name) => !known.includes(name));
  if (wrong === undefined) {
    return words.length === 0 ? known : known.filter((name) => words.includes(name));
  }
  throw new UsageError(
    `expected recipes out of ${known.join(", ")}: received "${wrong}"` +
      meant(nearest(wrong, known)),
  );
}

interface VerifyOptions extends Omit<ManyRunsOptions, "board" | "loader"> {
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** Folder with what is known of them. */
  readonly samples: string;
  readonly names: readonly string[];
  /** Whether all seeds are trained, or the config's own alone. */
  readonly allSeeds: boolean;
  /** Whether what they come to is what is known from now on. */
  readonly update: boolean;
}

interface Verification {
  /** A table of the runs, as lines to print. */
  readonly table: readonly string[];
  /** Mean and standard deviation of each recipe of which several seeds were made, a line each. */
  readonly means: readonly string[];
  /** A line for each run that failed, or is not what it should be. */
  readonly faults: readonly string[];
}

interface AskedRecipe extends Recipe {
  readonly name: string;
  readonly known: readonly VerifiedRun[];
  readonly isCommittee: boolean;
  readonly runs: readonly AskedRun[];
}

/** A run that was made. */
interface MadeRun extends VerifiedRun {
  readonly path: string;
}

const RUNS = "runs.jsonl";

/** Files of a run that a sample has too. */
const SHOWN = [FILES.config, FILES.metrics, FILES.summary, FILES.report, FILES.manifest];

/**
 * Trains recipes side by side, and compares them with what is known.
 *
 * @throws {StoppedError} if it was stopped
 */
async function verify(options: VerifyOptions): Promise<Verification> {
  const asked: AskedRecipe[] = [];
  for (const name of options.names) asked.push(await askedRecipe(name, options));
  const outcomes = await makeAll(asked, options);
  const [rows, means, faults]: [string[][], string[], string[]] = [[], [], []];
  for (const [index, recipe] of asked.entries()) {
    const { paths, failures } = outcomes[index];
    const made: MadeRun[] = [];
    for (const path of await pathsOf(recipe, paths, options)) made.push(await madeRun(path));
    const known = options.update ? await writeSample(recipe, made, options) : recipe.known;
    for (const run of made) {
      const found = faultsOf(run, {
        ...recipe,
        expected: known.find(({ seed }) => seed === run.seed),
      });
      rows.push(await cellsOf(recipe, run, found));
      faults.push(...found.map((fault) => `${recipe.name}, seed ${run.seed}: ${fault}`));
    }
    means.push(...meanOf(recipe, made));
    faults.push(...failures);
  }
  return { table: formatTable({ columns: COLUMNS, rows }), means, faults };
}

interface Outcome {
  /** Folders of those that ended well. */
  readonly paths: readonly string[];
  /** A line for each of the others. */
  readonly failures: readonly string[];
}

/** Makes the runs of all recipes side by side; one that two recipes have is made once. */
async function makeAll(
  asked: readonly AskedRecipe[],
  options: VerifyOptions,
): Promise<readonly Outcome[]> {
  const runs = asked.flatMap(({ runs }) => runs);
  using board = openBoard(options.detail, runs.length);
  const outcomes = await runMany(runs, { ...options, board });
  const pathOf = ({ path, same }: RunOutcome) =>
    path ?? outcomes.find(({ label }) => label === same?.label)?.path;
  return asked.map(({ runs }) => {
    const mine = outcomes.filter(({ label }) => runs.some((run) => run.label === label));
    return {
      paths: mine.flatMap((outcome) => pathOf(outcome) ?? []),
      failures: mine.flatMap(({ label, error }) =>
        error === undefined ? [] : [`${label}: ${error.message}`]
      ),
    };
  });
}

/** The runs to verify: those that were made, or of a committee the one that they are members of. */
async function pathsOf(
  { name, isCommittee, runs }: AskedRecipe,
  paths: readonly string[],
  options: VerifyOptions,
): Promise<readonly string[]> {
  if (!isCommittee) return paths;
  if (paths.length < runs.length) return [];
  const grid = readVariantsFile(configPath(name), [], "committee");
  return [await runCommittee(grid, { ...options, detail: "quiet", fresh: false })];
}

async function askedRecipe(
  name: string,
  { recipes, samples, allSeeds }: VerifyOptions,
): Promise<AskedRecipe> {
  const recipe = recipes[name];
  const isCommittee = readConfigFile(configPath(name), []).committee !== undefined;
  const seeds = JSON.stringify({ seed: allSeeds ? recipe.seeds : recipe.seeds.slice(0, 1) });
  const grid = isCommittee
    ? readVariantsFile(configPath(name), [], "committee")
    : readVariantsFile(configPath(name), [`sweep=${seeds}`], "sweep");
  const runs = askedRuns(grid).map((run) => ({ ...run, label: `${name}, ${run.label}` }));
  return { ...recipe, name, isCommittee, runs, known: await knownRuns(join(samples, name, RUNS)) };
}

function configPath(name: string): string {
  return `configs/${name}.json`;
}

/** What is known of a recipe; nothing if it was never verified. */
async function knownRuns(path: string): Promise<readonly VerifiedRun[]> {
  const bytes = await readFileIfAny(path, "sample");
  if (bytes === undefined) return [];
  return decodeVerifiedRuns(new TextDecoder().decode(bytes), `sample "${path}"`);
}

/** What a finished run came to. */
async function madeRun(path: string): Promise<MadeRun> {
  const { manifest, files } = await readFinished(path, [FILES.config]);
  const { seed } = configOf(files.get(FILES.config) as Uint8Array, path);
  const { run, parameters, evaluations, classes } = await readRecord(path);
  const test = evaluations.find(({ part }) => part === "test");
  const hashOf = (file: string) => manifest.files.find(({ path }) => path === file);
  const learned = hashOf(FILES.model) ?? hashOf(FILES.summary);
  if (test === undefined || learned === undefined) {
    throw new Error(`Cannot verify run "${path}": expected one that is evaluated on its test part`);
  }
  const { samples, mistakes } = summarize(test, classes);
  const { path: file, sha256 } = learned;
  return { path, seed, run, parameters, samples, mistakes, file, sha256 };
}

const COLUMNS: readonly TextColumn[] = [
  left("recipe"),
  right("seed"),
  right("parameters"),
  right("test accuracy"),
  right("at least"),
  right("mistakes"),
  left("SHA-256"),
  right("time"),
  left("as known"),
];

async function cellsOf(
  { name, floor }: AskedRecipe,
  run: MadeRun,
  faults: readonly string[],
): Promise<string[]> {
  return [
    name,
    String(run.seed),
    String(run.parameters),
    formatPercent(testAccuracy(run), 2, PLAIN),
    formatPercent(floor, 2, PLAIN),
    String(run.mistakes),
    run.sha256.slice(0, 12),
    formatDuration(await timeOf(run.path)),
    faults.length === 0 ? "yes" : "no",
  ];
}

/** The spread of a recipe over its seeds, in a line; nothing of one alone. */
function meanOf({ name }: AskedRecipe, made: readonly MadeRun[]): readonly string[] {
  const { mean, deviation } = spreadOf(made.map(testAccuracy)) ?? {};
  if (mean === undefined || deviation === undefined) return [];
  const spread = `${formatPercent(mean, 2, UNITLESS)} ± ${formatPercent(deviation, 2, PLAIN)}`;
  return [`${name}: ${spread}, mean and standard deviation of ${made.length} seeds`];
}

/**
 * Writes what is known of a recipe from now on, and returns it. Runs of seeds that were not made stay.
 */
async function writeSample(
  { name, seeds, known }: AskedRecipe,
  made: readonly MadeRun[],
  { samples }: VerifyOptions,
): Promise<readonly VerifiedRun[]> {
  const runOf = (seed: number) => [...made, ...known].find((run) => run.seed === seed) ?? [];
  const runs = seeds.flatMap(runOf);
  await writeFileAtomic(join(samples, name, RUNS), encodeVerifiedRuns(runs));
  const own = made.find(({ seed }) => seed === seeds[0]);
  if (own !== undefined) {
    for (const file of SHOWN) {
      const content = await readFile(join(own.path, file), "run");
      await writeFileAtomic(join(samples, name, file), content);
    }
  }
  return runs;
}
