import { basename, dirname, isAbsolute, join, relative } from "@std/path";
import { oneKind, validationExists } from "../../lib/config/checks.ts";
import { LONGEST_TEXT } from "../../lib/config/text.ts";
import { readVariants, type Variants } from "../../lib/config/grid.ts";
import { ConfigError, type Problem } from "../../lib/config/messages/problem.ts";
import { nearest } from "../../lib/config/messages/suggest.ts";
import { readConfig, type Rules } from "../../lib/config/read.ts";
import { at, changeAt, type Path, type Place, stringAt, type Tree } from "../../lib/config/tree.ts";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { namesInSync, readTextFileSync } from "../../lib/io/files.ts";
import { admitNamed, admitOwn, isForeign } from "../../lib/io/reads.ts";
import type { Places } from "../../lib/io/find_file.ts";
import { readManifest } from "../../lib/io/results/run_folder.ts";
import { CLASSES } from "../../lib/nn/layers/units.ts";
import { FILES } from "../../lib/run/folder.ts";
import { type ExperimentConfig, stageTable } from "./stage_table.ts";

/** An experiment trains a network: without that stage there is no model and no run. */
function trainingExists({ pipeline }: ExperimentConfig): readonly Problem[] {
  if (pipeline.some(({ stage }) => stage === "train")) return [];
  return [{ path: ["pipeline"], message: 'expected a stage "train": received none' }];
}

/** Copies of samples can be averaged over only if training has a way to make them. */
function augmentationExists({ pipeline }: ExperimentConfig): readonly Problem[] {
  const isAugmenting = pipeline.some((stage) =>
    stage.stage === "train" &&
    stage.augment?.some((named) => !augmentations.create(named).isMixture)
  );
  return pipeline.flatMap((stage, index) =>
    stage.stage !== "evaluate" || stage.augmentedCopies === 0 || isAugmenting ? [] : [{
      path: ["pipeline", index, "augmentedCopies"],
      message: "expected 0 where training augments no image by itself: " +
        `received ${stage.augmentedCopies}: set "augment" in the stage "train"`,
    }]
  );
}

/** The number of classes may stand for the units of the last layer that has some, and of no other. */
function lastUnits({ pipeline }: ExperimentConfig): readonly Problem[] {
  return pipeline.flatMap((stage, index) => {
    if (stage.stage !== "train") return [];
    const last = stage.layers.findLastIndex((layer) => "units" in layer);
    return stage.layers.flatMap((layer, place) =>
      "units" in layer && layer.units === CLASSES && place !== last
        ? [{
          path: ["pipeline", index, "layers", place, "units"],
          message: "expected a number: only the last layer has as many units as there are classes",
        }]
        : []
    );
  });
}

export const RULES = {
  stages: stageTable,
  checks: [trainingExists, validationExists, augmentationExists, lastUnits, oneKind],
};

/** What configs are checked against of which only the data counts: no network need be trained. */
export const DATA_RULES = { stages: stageTable };

/** The config in a file, changed by overrides. */
export function readConfigFile(
  path: string,
  overrides: readonly string[],
  rules: Rules<typeof stageTable> = RULES,
): ExperimentConfig {
  return quotingOwn(
    path,
    (readText) => readConfig(path, overrides, { ...rules, readText, locate }),
  );
}

/** The configs that a sweep or an ensemble in a file stands for, changed by overrides. */
export function readVariantsFile(
  path: string,
  overrides: readonly string[],
  name: "sweep" | "ensemble",
): Variants<typeof stageTable> {
  return quotingOwn(
    path,
    (readText) => readVariants(path, overrides, name, { ...RULES, readText, locate }),
  );
}

/**
 * Reads a config, which may extend others. What is wrong with it is not shown if it extends a file that is
 * not the user's own: the file may be anything, and messages would quote it.
 */
function quotingOwn<Result>(
  path: string,
  read: (readText: (path: string) => string) => Result,
): Result {
  admitOwn(dirname(path));
  const foreign: string[] = [];
  const readOne = (path: string) => {
    const text = readText(path);
    if (isForeign(path)) foreign.push(path);
    return text;
  };
  try {
    return read(readOne);
  } catch (error) {
    if (!(error instanceof ConfigError) || foreign.length === 0) throw error;
    const message = `expected to extend a config: received ${JSON.stringify(foreign[0])}, which ` +
      "makes no right config: none of its content is shown, since it lies outside of the working " +
      "folder and of what the command line names";
    throw new ConfigError(`config ${JSON.stringify(path)}`, [{ path: ["extends"], message }]);
  }
}

/**
 * Returns a config in which the paths of data are relative to the working directory: those in a file
 * stand relative to that file, those of the command line to the working directory.
 */
function locate(tree: Tree): Tree {
  return dataPaths(tree).reduce<Tree>(
    (located, path) =>
      changeAt(located, path, (part) => {
        if (part.kind !== "scalar" || typeof part.value !== "string") return part;
        return { ...part, value: locatedPath(part.value, part.place) };
      }),
    tree,
  );
}

/** Where the paths of data stand in a config that may be wrong. */
function dataPaths(tree: Tree): readonly Path[] {
  const pipeline = at(tree, ["pipeline"]);
  const stages = pipeline?.kind === "list" ? pipeline.items : [];
  return stages.flatMap((stage, index) => {
    if (stringAt(stage, "stage") !== "load") return [];
    const path = ["pipeline", index, "dataset"];
    const dataset = at(tree, path);
    const name = dataset && datasets.names.find((name) => name === stringAt(dataset, "name"));
    const options = name && datasets.get(name).paths;
    return (options ?? []).map((option) => [...path, option]);
  });
}

/** The path of data that is written at a place, from the working directory. */
function locatedPath(written: string, { source, line }: Place): string {
  const isOfFile = line !== undefined; // arguments have no lines
  if (written === "" || isAbsolute(written) || !isOfFile || isOfRun(source)) return written;
  return join(dirname(source), written);
}

/** Whether a file is the config of a finished run, in which paths have been resolved. */
function isOfRun(path: string): boolean {
  return basename(path) === FILES.config && namesInSync(dirname(path)).includes(FILES.manifest);
}

/** Bytes of a config, at most: four for each character of the longest text that is parsed. */
const LARGEST_CONFIG = 4 * LONGEST_TEXT;

/** Returns the text of a config; errors say why there is none, and which config may have been meant. */
function readText(path: string): string {
  try {
    admitNamed(path); // by the command line, or by a config that extends it
    return readTextFileSync(path, "config", LARGEST_CONFIG);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const reason = cause.message.replace(`Cannot read config "${path}": `, "");
    const hint = cause instanceof Deno.errors.NotFound ? nearConfig(path) : configOfRun(path);
    throw new Error(`${reason}${hint}`, { cause });
  }
}

/** `: did you mean "RUN/config.json", or the command "reproduce"?`, if the path is a run's folder. */
function configOfRun(path: string): string {
  const names = namesInSync(path);
  if (![FILES.config, FILES.manifest].every((name) => names.includes(name))) return "";
  return `: did you mean "${join(path, FILES.config)}", or the command "reproduce"?`;
}

/** The folder of the recipes, from the working directory where that is in the project. */
function recipeFolder(): string {
  if (import.meta.dirname === undefined) return "configs"; // loaded over the network
  const project = join(import.meta.dirname, "../..");
  const folder = join(project, "configs");
  return relative(project, Deno.cwd()).startsWith("..") ? folder : relative(Deno.cwd(), folder);
}

/** `: did you mean "configs/mnist.json"?`, if there is such a file beside or among the recipes. */
function nearConfig(path: string): string {
  const name = basename(path, ".json");
  const folders = [...new Set([dirname(path), recipeFolder()])];
  const configs = folders.flatMap((folder) =>
    namesInSync(folder).filter((file) => file.endsWith(".json") && file !== "schema.json")
      .map((file) => ({ name: basename(file, ".json"), path: join(folder, file) }))
  );
  const near = nearest(name, configs.map(({ name }) => name));
  const found = configs.find((config) => config.name === near);
  return found === undefined ? "" : `: did you mean "${found.path}"?`;
}

/**
 * Returns where data that a config pins by its hashes may lie: in the folder of the config, and where the run
 * had it whose config it is.
 */
export async function dataPlaces(
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
