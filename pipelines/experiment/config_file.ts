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

/** Rules for configs of which a command uses only the data. A stage "train" is not required. */
export const DATA_RULES = { stages: stageTable };

/** Reads a config file and applies overrides. */
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

/** Reads a file with a sweep or an ensemble, applies overrides, and returns its configs. */
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
 * Reads a config, which may extend others. If it extends a file outside of the user's folders, error
 * messages do not quote the content: the file may be a private one.
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
 * Makes the paths of data relative to the working directory. Paths in a file are relative to that file,
 * paths on the command line to the working directory.
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
 * Returns the key paths of those options in a config that are file paths of data. The config need not be
 * valid.
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
 * Returns a path of data relative to the working directory.
 *
 * @param path the path as the config or the command line has it
 */
function resolvePath(path: string, { source, line }: SourceLocation): string {
  const isOfFile = line !== undefined; // arguments have no lines
  if (path === "" || isAbsolute(path) || !isOfFile || isRunConfig(source)) return path;
  return join(dirname(source), path);
}

/** Returns whether a file is the config in a run folder, in which paths are already resolved. */
function isRunConfig(path: string): boolean {
  return basename(path) === FILES.config && listNamesSync(dirname(path)).includes(FILES.manifest);
}

/** Largest config [bytes]: four for each character of the longest text that is parsed. */
const LARGEST_CONFIG = 4 * LONGEST_TEXT;

/** Reads the text of a config; errors give the reason and suggest a config that may have been meant. */
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
 * Returns an addition to an error message if a path leads to a run folder instead of a config:
 * `: did you mean "RUN/config.json", or the command "reproduce"?`. Returns an empty text for other paths.
 */
function suggestRunConfig(path: string): string {
  const names = listNamesSync(path);
  if (![FILES.config, FILES.manifest].every((name) => names.includes(name))) return "";
  return `: did you mean "${join(path, FILES.config)}", or the command "reproduce"?`;
}

/**
 * Returns the path of the folder with the recipes, relative to the working directory if that is in the
 * project.
 */
function recipeFolder(): string {
  if (import.meta.dirname === undefined) return "configs"; // loaded over the network
  const project = join(import.meta.dirname, "../..");
  const folder = join(project, "configs");
  return relative(project, Deno.cwd()).startsWith("..") ? folder : relative(Deno.cwd(), folder);
}

/**
 * Returns an addition to an error message about a missing config: `: did you mean "configs/mnist.json"?`, if
 * the folder or the recipes have a config of a similar name. Returns an empty text otherwise.
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
 * Returns the places where data files are searched whose SHA-256 a config states: the config's folder and,
 * if it is the config of a run, the paths in the run's manifest.
 */
export async function pinnedDataPlaces(
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
