import { dirname } from "@std/path";
import { oneKind, validationExists } from "../../lib/config/checks.ts";
import { readVariants, type Variants } from "../../lib/config/grid.ts";
import type { Problem } from "../../lib/config/messages/problem.ts";
import { readConfig, type Rules } from "../../lib/config/read.ts";
import { deformations } from "../../lib/data/augment/mod.ts";
import { readTextFileSync } from "../../lib/io/files.ts";
import type { Places } from "../../lib/io/find_file.ts";
import { readManifest } from "../../lib/io/run_folder.ts";
import { type ExperimentConfig, stageTable } from "./stage_table.ts";

/** An experiment trains a network: without that stage there is no model and no run. */
function trainingExists({ pipeline }: ExperimentConfig): readonly Problem[] {
  if (pipeline.some(({ stage }) => stage === "train")) return [];
  return [{ path: ["pipeline"], message: 'expected a stage "train": received none' }];
}

/** Copies of samples can be averaged over only if training has a way to make them. */
function deformationsExist({ pipeline }: ExperimentConfig): readonly Problem[] {
  const isDeforming = pipeline.some((stage) =>
    stage.stage === "train" &&
    stage.deform?.some((named) => !deformations.create(named).isMixture)
  );
  return pipeline.flatMap((stage, index) =>
    stage.stage !== "evaluate" || stage.deformations === 0 || isDeforming ? [] : [{
      path: ["pipeline", index, "deformations"],
      message: "expected 0 where training deforms no image by itself: " +
        `received ${stage.deformations}: set "deform" in the stage "train"`,
    }]
  );
}

export const RULES = {
  stages: stageTable,
  checks: [trainingExists, validationExists, deformationsExist, oneKind],
};

/** What configs are checked against of which only the data counts: no network need be trained. */
export const DATA_RULES = { stages: stageTable };

/** The config in a file, changed by overrides. */
export function readConfigFile(
  path: string,
  overrides: readonly string[],
  rules: Rules<typeof stageTable> = RULES,
): ExperimentConfig {
  return readConfig(path, overrides, { ...rules, readText });
}

/** The configs that a sweep or a committee in a file stands for, changed by overrides. */
export function readVariantsFile(
  path: string,
  overrides: readonly string[],
  name: "sweep" | "committee",
): Variants<typeof stageTable> {
  return readVariants(path, overrides, name, { ...RULES, readText });
}

function readText(path: string): string {
  return readTextFileSync(path, "config");
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
