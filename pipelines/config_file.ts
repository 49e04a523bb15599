/**
 * Reads config files as commands name them.
 *
 * @module
 */
import { validationExists } from "../lib/config/checks.ts";
import type { Problem } from "../lib/config/problem.ts";
import { readConfig } from "../lib/config/read.ts";
import { readTextFileSync } from "../lib/io/files.ts";
import type { ExperimentConfig } from "./experiment.ts";
import { stageTable } from "./stage_table.ts";

/** An experiment trains a network: without that stage there is no model and no run. */
function trainingExists({ pipeline }: ExperimentConfig): readonly Problem[] {
  if (pipeline.some(({ stage }) => stage === "train")) return [];
  return [{ path: ["pipeline"], message: 'expected a stage "train": received none' }];
}

/** What configs are checked against. */
export const RULES = { stages: stageTable, checks: [trainingExists, validationExists] };

/**
 * The config in a file, changed by overrides.
 *
 * @throws {ConfigError} if anything is wrong, with all that is wrong
 */
export function readConfigFile(path: string, overrides: readonly string[]): ExperimentConfig {
  return readConfig(path, overrides, {
    ...RULES,
    readText: (path) => readTextFileSync(path, "config"),
  });
}
