import { basename, dirname, isAbsolute, join, relative } from "@std/path";
import {
  findMissingValidationProblems,
  findSweepAndEnsembleProblems,
} from "../../lib/config/checks.ts";
import { LONGEST_TEXT } from "../../lib/config/text.ts";
import { type GridRuns, readGrid } from "../../lib/config/grid.ts";
import { ConfigError, type Problem } from "../../lib/config/messages/problem.ts";
import { nearest } from "../../lib/config/messages/suggest.ts";
import { readConfig, type Rules } from "../../lib/config/read.ts";
import {
  changePart,
  findPart,
  type Path,
  type SourceLocation,
  stringMember,
  type Tree,
} from "../../lib/config/tree.ts";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { listNamesSync, readTextFileSync } from "../../lib/io/files.ts";
import { admitCommandLinePath, admitConfigPath, isContentWithheld } from "../../lib/io/reads.ts";
import type { Places } from "../../lib/io/find_file.ts";
import { readManifest } from "../../lib/io/results/run_folder.ts";
import { CLASSES } from "../../lib/nn/layers/units.ts";
import { FILES } from "../../lib/run/folder.ts";
import { type ExperimentConfig, stageTable } from "./stage_table.ts";

/** Returns a problem if a config has no stage "train", without which there is no model and no run. */
function requireTraining({ pipeline }: ExperimentConfig): readonly Problem[] {
  if (pipeline.some(({ stage }) => stage === "train")) return [];
  return [{ path: ["pipeline"], message: 'expected a stage "train": received none' }];
}

/** Returns a problem if a config evaluates augmented copies of images, but training has no augmentation. */
function requireAugmentation({ pipeline }: ExperimentConfig): readonly Problem[] {
  const isAugmenting = pipeline.some((stage) =>
    stage.stage === "train" &&
    stage.augment?.some((named) => !augmentations.create(named).isMixture)
  );
  return pipeline.flatMap((stage, index) =>
    stage.stage !== "evaluate" || stage.augmentedCopies === 0 || isAugmenting ? [] : [{
      path: ["pipeline", index, "augmentedCopies"],
      message: "expected 0, since training has no augmentation of single images: " +
        `received ${stage.augmentedCopies}: set "augment" in the stage "train"`,
    }]
  );
}

/** Returns a problem for each layer but the last one whose number of units is "classes". */
function requireClassesOnlyLast({ pipeline }: ExperimentConfig): readonly Problem[] {
  return pipeline.flatMap((stage, index) => {
    if (stage.stage !== "train") return [];
    const last = stage.layers.findLastIndex((layer) => "units" in layer);
    return stage.layers.flatMap((layer, place) =>
      "units" in layer && layer.units === CLASSES && place !== last
        ? [{
          path: ["pipeline", index, "layers", place, "units"],
          message: 'expected a number: only the last layer may have "classes" units',
        }]
        : []
    );
  });
}

/** Rules for configs that are trained. */
export const RULES = {
  stages: stageTable,
  checks: [
    requireTraining,
    findMissingValidationProblems,
    requireAugmentation,
    requireClassesOnlyLast,
    findSweepAndEnsembleProblems,
  ],
};

/**
 * Rules for configs of which a command uses only the data: no check on training, and no stage "train" needed.
 */
export const DATA_RULES = { stages: stageTable };

/**
 * Reads a config file, applies overrides and checks the result. Returns the config with all defaults.
 *
 * @param overrides values of the option `--set`: "train.epochs=3"
 * @throws {ConfigError} if the config or an override is invalid
 */
export function readConfigFile(
  path: string,
  overrides: readonly string[],
  rules: Rules<typeof stageTable> = RULES,
): ExperimentConfig {
  return readWithoutQuotingOthers(
    path,
    (readText) =>
      readConfig(path, overrides, { ...rules, readText, resolvePaths: resolveDataPaths }),
  );
}

/**
 * Reads a config file with a grid of runs, applies overrides, and returns the config of each run.
 *
 * @param overrides values of the option `--set`: "train.epochs=3"
 * @param name key of the config that has the grid
 * @throws {ConfigError} if the config or an override is invalid
 */
export function readGridFile(
  path: string,
  overrides: readonly string[],
  name: "sweep" | "ensemble",
): GridRuns<typeof stageTable> {
  return readWithoutQuotingOthers(
    path,
    (readText) =>
      readGrid(path, overrides, name, { ...RULES, readText, resolvePaths: resolveDataPaths }),
  );
}

/**
 * Reads a config, which may extend others. If it extends a file outside of the working directory and of the
 * paths on the command line, error messages do not quote the content: the file may be a private one.
 *
 * @param read function that reads and checks the config; it reads all files by the function that it receives
 */
function readWithoutQuotingOthers<Result>(
  path: string,
  read: (readText: (path: string) => string) => Result,
): Result {
  admitCommandLinePath(dirname(path));
  const foreign: string[] = [];
  const readOne = (path: string) => {
    const text = readText(path);
    if (isContentWithheld(path)) foreign.push(path);
    return text;
  };
  try {
    return read(readOne);
  } catch (error) {
    if (!(error instanceof ConfigError) || foreign.length === 0) throw error;
    const message = `expected to extend a valid config: received ${JSON.stringify(foreign[0])}: ` +
      "none of its content is shown, since it lies outside of the working folder and of the paths " +
      "on the command line";
    throw new ConfigError(`config ${JSON.stringify(path)}`, [{ path: ["extends"], message }]);
  }
}

/**
 * Returns a config in which the paths of data files are relative to the working directory or absolute.
 * Before, paths in a config file are relative to that file's folder, those on the command line to the working
 * directory.
 */
function resolveDataPaths(tree: Tree): Tree {
  return dataPaths(tree).reduce<Tree>(
    (located, path) =>
      changePart(located, path, (part) => {
        if (part.kind !== "scalar" || typeof part.value !== "string") return part;
        return { ...part, value: resolvePath(part.value, part.location) };
      }),
    tree,
  );
}

/**
 * Returns the key paths of those options in a config whose values are paths of data files. The config need
 * not be valid.
 */
function dataPaths(tree: Tree): readonly Path[] {
  const pipeline = findPart(tree, ["pipeline"]);
  const stages = pipeline?.kind === "list" ? pipeline.items : [];
  return stages.flatMap((stage, index) => {
    if (stringMember(stage, "stage") !== "load") return [];
    const path = ["pipeline", index, "dataset"];
    const dataset = findPart(tree, path);
    const name = dataset && datasets.names.find((name) => name === stringMember(dataset, "name"));
    const options = name && datasets.get(name).paths;
    return (options ?? []).map((option) => [...path, option]);
  });
}

/**
 * Returns the path of a data file relative to the working directory, or absolute.
 *
 * @param path path as the config or the command line has it
 * @param location place where the path is stated; without a line if that is the command line
 */
function resolvePath(path: string, { source, line }: SourceLocation): string {
  const isOfFile = line !== undefined; // arguments have no lines
  if (path === "" || isAbsolute(path) || !isOfFile || isRunConfig(source)) return path;
  return join(dirname(source), path);
}

/**
 * Returns whether a path is that of the config in a finished run's folder, in which the paths of data files
 * are already resolved.
 */
function isRunConfig(path: string): boolean {
  return basename(path) === FILES.config && listNamesSync(dirname(path)).includes(FILES.manifest);
}

/** Largest config [bytes]: four for each character of the longest text that is parsed. */
const LARGEST_CONFIG = 4 * LONGEST_TEXT;

/** Reads the text of a config file; errors suggest a file that may have been meant. */
function readText(path: string): string {
  try {
    admitConfigPath(path); // named on the command line or in "extends"
    return readTextFileSync(path, "config", LARGEST_CONFIG);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const reason = cause.message.replace(`Cannot read config "${path}": `, "");
    const hint = cause instanceof Deno.errors.NotFound
      ? suggestConfig(path)
      : suggestRunConfig(path);
    throw new Error(`${reason}${hint}`, { cause });
  }
}

/**
 * Returns an addition to an error message if a path is that of a run folder instead of a config:
 * `: did you mean "RUN/config.json", or the command "reproduce"?`. Returns an empty text for other paths.
 */
function suggestRunConfig(path: string): string {
  const names = listNamesSync(path);
  if (![FILES.config, FILES.manifest].every((name) => names.includes(name))) return "";
  return `: did you mean "${join(path, FILES.config)}", or the command "reproduce"?`;
}

/**
 * Returns the path of the program's folder of recipes, configs/. The path is relative to the working
 * directory if that is in the project's folder, absolute otherwise.
 */
function recipeFolder(): string {
  if (import.meta.dirname === undefined) return "configs"; // loaded over the network
  const project = join(import.meta.dirname, "../..");
  const folder = join(project, "configs");
  return relative(project, Deno.cwd()).startsWith("..") ? folder : relative(Deno.cwd(), folder);
}

/**
 * Returns an addition to the error message about a missing config: `: did you mean "configs/mnist.json"?`, if
 * the folder of `path` or the folder of recipes has a config of a similar name. Returns an empty text
 * otherwise.
 */
function suggestConfig(path: string): string {
  const name = basename(path, ".json");
  const folders = [...new Set([dirname(path), recipeFolder()])];
  const configs = folders.flatMap((folder) =>
    listNamesSync(folder).filter((file) => file.endsWith(".json") && file !== "schema.json")
      .map((file) => ({ name: basename(file, ".json"), path: join(folder, file) }))
  );
  const near = nearest(name, configs.map(({ name }) => name));
  const found = configs.find((config) => config.name === near);
  return found === undefined ? "" : `: did you mean "${found.path}"?`;
}

/**
 * Returns the locations in which data files can be found by the SHA-256 that a config states: the config's
 * folder and, if this is the folder of a finished run, the paths in the run's manifest.
 *
 * @param path path of the config file
 */
export async function dataSearchLocations(
  path: string,
  { pipeline }: ExperimentConfig,
): Promise<Omit<Places, "directory">> {
  const configFolder = dirname(path);
  const pinned = pipeline.flatMap((stage) =>
    stage.stage === "load" && "sha256" in stage.dataset
      ? Object.values<string | undefined>(stage.dataset.sha256 ?? {})
      : []
  );
  const manifest = pinned.length === 0 ? undefined : await readManifest(configFolder);
  return {
    configFolder,
    known: manifest?.data.filter(({ sha256 }) => pinned.includes(sha256)),
  };
}
