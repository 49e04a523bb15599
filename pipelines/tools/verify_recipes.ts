/**
 * Verifies recipes: trains them again and compares the results with the known ones.
 *
 * Known results are in outputs/samples/NAME/: `runs.jsonl` with a line for each seed, and the files that a
 * reader wants to see of the config's own seed.
 *
 * @module
 */
import { printLine, printMessage } from "../../lib/io/print.ts";
import { join } from "@std/path";
import { type Recipe, recipes } from "../../lib/analysis/verify/recipes.ts";
import {
  type RetrainedRun,
  type VerifiedRecipe,
  verifyRecipes,
} from "../../lib/analysis/verify/verification.ts";
import {
  decodeVerifiedRuns,
  encodeVerifiedRuns,
  type VerifiedRun,
} from "../../lib/analysis/verify/verified.ts";
import { didYouMean } from "../../lib/config/messages/suggest.ts";
import { summarize } from "../../lib/evaluate/mod.ts";
import { readFile, readFileIfAny, writeFileAtomic } from "../../lib/io/files.ts";
import { FILES } from "../../lib/run/folder.ts";
import { encodeManifest } from "../../lib/run/manifest.ts";
import { openBoard } from "../cli/board.ts";
import type { Startup } from "../cli/startup.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers, selectDetail, UsageError } from "../cli/options.ts";
import { readConfigFile, readGridFile } from "../experiment/config_file.ts";
import { readFinished, readRecord, readRunConfig } from "../experiment/read_run.ts";
import { runEnsemble } from "../sweep/ensemble.ts";
import {
  type ManyRunsOptions,
  readRunTime,
  type RequestedRun,
  requestedRuns,
  runMany,
  type RunOutcome,
} from "../sweep/many_runs.ts";
import { renameSamples } from "./rename_samples.ts";
import type { command } from "./verify.ts";

/** Name of the file with the known results of a recipe, a line for each seed. */
const RUNS = "runs.jsonl";

/** Files of a run that are copied to the folder of its recipe's sample. */
const SHOWN = [FILES.config, FILES.metrics, FILES.summary, FILES.report];

/** Options of a verification. */
interface VerifyOptions extends Omit<ManyRunsOptions, "board" | "loader" | "test"> {
  readonly startup: Startup;
}

/** A recipe with the runs to train and its known runs. */
interface RequestedRecipe extends Recipe {
  /** Name of its config: "mnist". */
  readonly name: string;
  /** Known results, one for each verified seed. */
  readonly known: readonly VerifiedRun[];
  readonly isEnsemble: boolean;
  /** Runs to train: one for each seed, or the members of the ensemble. */
  readonly runs: readonly RequestedRun[];
}

export async function run(
  { positionals, options, startup, signal }: InvocationOf<typeof command>,
): Promise<number> {
  if (options.rename) {
    for (const line of await renameSamples(startup.programFolder)) printLine(line);
    return 0;
  }
  const { allSeeds, update, keep } = options;
  const how = {
    ...foldersAndWorkers(options, startup),
    startup,
    fresh: !keep,
    detail: selectDetail(options),
    signal,
  };
  const requested: RequestedRecipe[] = [];
  for (const name of selectRecipes(positionals, Object.keys(recipes))) {
    requested.push(await readRequestedRecipe(name, allSeeds, startup));
  }
  const outcomes = await trainRecipes(requested, how);
  const verified: VerifiedRecipe[] = [];
  for (const [index, recipe] of requested.entries()) {
    const { paths, failures } = outcomes[index];
    const made: RetrainedRun[] = [];
    for (const path of await runsToVerify(recipe, paths, how)) {
      made.push(await readRetrainedRun(path));
    }
    const known = update ? await writeSample(recipe, made, startup) : recipe.known;
    verified.push({ ...recipe, made, known, failures });
  }
  const { lines, faults } = verifyRecipes(verified);
  for (const line of lines) printLine(line);
  for (const fault of faults) printMessage(fault);
  return faults.length === 0 ? 0 : 1;
}

/**
 * Returns the requested names of recipes in the order of `knownNames`; all known names if none is requested.
 *
 * @throws {UsageError} if a requested name is not known
 */
function selectRecipes(
  recipeNames: readonly string[],
  knownNames: readonly string[],
): readonly string[] {
  const wrong = recipeNames.find((name) => !knownNames.includes(name));
  if (wrong === undefined) {
    return recipeNames.length === 0
      ? knownNames
      : knownNames.filter((name) => recipeNames.includes(name));
  }
  throw new UsageError(
    `expected recipes out of ${knownNames.join(", ")}: received "${wrong}"` +
      didYouMean(wrong, knownNames),
  );
}

/** The outcome of training the runs of a recipe. */
interface RecipeOutcome {
  /** Paths of the folders of finished runs. */
  readonly paths: readonly string[];
  /** A line for each failed run. */
  readonly failures: readonly string[];
}

/**
 * Trains the runs of all recipes side by side, and returns the outcome of each recipe. A run that two recipes
 * share is trained once.
 */
async function trainRecipes(
  requested: readonly RequestedRecipe[],
  options: VerifyOptions,
): Promise<readonly RecipeOutcome[]> {
  const runs = requested.flatMap(({ runs }) => runs);
  using board = openBoard(options.detail, runs.length);
  const outcomes = await runMany(runs, { ...options, board, test: true });
  const pathOf = ({ path, same }: RunOutcome) =>
    path ?? outcomes.find(({ label }) => label === same?.label)?.path;
  return requested.map(({ runs }) => {
    const mine = outcomes.filter(({ label }) => runs.some((run) => run.label === label));
    return {
      paths: mine.flatMap((outcome) => pathOf(outcome) ?? []),
      failures: mine.flatMap(({ label, error }) =>
        error === undefined ? [] : [`${label}: ${error.message}`]
      ),
    };
  });
}

/**
 * Returns the paths of the runs whose results are verified: those of the trained runs or, for an ensemble,
 * that of the ensemble, which is built here from its trained members. Returns none if a member is missing.
 *
 * @param paths paths of the trained runs
 */
async function runsToVerify(
  { name, isEnsemble, runs }: RequestedRecipe,
  paths: readonly string[],
  options: VerifyOptions,
): Promise<readonly string[]> {
  if (!isEnsemble) return paths;
  if (paths.length < runs.length) return [];
  const grid = readGridFile(recipeConfigPath(name, options.startup), [], "ensemble");
  return [await runEnsemble(grid, { ...options, detail: "quiet", fresh: false })];
}

/**
 * Reads a recipe, its known results, and the runs to train: the members of an ensemble or, for another
 * recipe, one for each seed, or only for the first if `allSeeds` is false.
 */
async function readRequestedRecipe(
  name: string,
  allSeeds: boolean,
  startup: Startup,
): Promise<RequestedRecipe> {
  const recipe = recipes[name];
  const isEnsemble = readConfigFile(recipeConfigPath(name, startup), []).ensemble !== undefined;
  const seeds = JSON.stringify({ seed: allSeeds ? recipe.seeds : recipe.seeds.slice(0, 1) });
  const grid = isEnsemble
    ? readGridFile(recipeConfigPath(name, startup), [], "ensemble")
    : readGridFile(recipeConfigPath(name, startup), [`sweep=${seeds}`], "sweep");
  const runs = requestedRuns(grid).map((run) => ({ ...run, label: `${name}, ${run.label}` }));
  return {
    ...recipe,
    name,
    isEnsemble,
    runs,
    known: await readKnownRuns(join(recipeSampleFolder(name, startup), RUNS)),
  };
}

/** Returns the path of a recipe's config. */
function recipeConfigPath(name: string, { programFolder }: Startup): string {
  return join(programFolder, `configs/${name}.json`);
}

/** Returns the folder with the known results of a recipe. */
function recipeSampleFolder(name: string, { programFolder }: Startup): string {
  return join(programFolder, "outputs/samples", name);
}

/** Reads a file with the known results of a recipe. Returns an empty list if the file is missing. */
async function readKnownRuns(path: string): Promise<readonly VerifiedRun[]> {
  const bytes = await readFileIfAny(path, "sample");
  if (bytes === undefined) return [];
  return decodeVerifiedRuns(new TextDecoder().decode(bytes), `sample "${path}"`);
}

/**
 * Reads the results of the run at a path, which was trained again: its test score and the hash of its model.
 */
async function readRetrainedRun(path: string): Promise<RetrainedRun> {
  const { manifest, config: { seed } } = await readRunConfig(path);
  const { run, parameters, evaluations, classes } = await readRecord(path);
  const test = evaluations.find(({ split }) => split === "test");
  const hashOf = (file: string) => manifest.files.find(({ path }) => path === file);
  const learned = hashOf(FILES.model) ?? hashOf(FILES.summary);
  if (test === undefined || learned === undefined) {
    throw new Error(`Cannot verify run "${path}": expected an evaluation on its test split`);
  }
  const { samples, mistakes } = summarize(test, classes);
  const { path: file, sha256 } = learned;
  const milliseconds = await readRunTime(path);
  return { path, seed, run, parameters, samples, mistakes, file, sha256, milliseconds };
}

/**
 * Writes the results of trained runs as the known results of a recipe. Known results of other seeds are
 * kept. Returns all known results.
 *
 * @param made runs that were trained again
 */
async function writeSample(
  { name, seeds, known }: RequestedRecipe,
  made: readonly RetrainedRun[],
  startup: Startup,
): Promise<readonly VerifiedRun[]> {
  const folder = recipeSampleFolder(name, startup);
  const runOf = (seed: number) => [...made, ...known].find((run) => run.seed === seed) ?? [];
  const runs = seeds.flatMap(runOf);
  await writeFileAtomic(join(folder, RUNS), encodeVerifiedRuns(runs));
  const own = made.find(({ seed }) => seed === seeds[0]);
  if (own !== undefined) {
    for (const file of SHOWN) {
      const content = await readFile(join(own.path, file), "run");
      await writeFileAtomic(join(folder, file), content);
    }
    const { manifest } = await readFinished(own.path, []);
    const data = manifest.data.map(({ file, sha256 }) => ({ file, sha256 })); // without paths
    await writeFileAtomic(join(folder, FILES.manifest), encodeManifest({ ...manifest, data }));
  }
  return runs;
}
