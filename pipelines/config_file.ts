/**
 * Reads config files as commands name them.
 *
 * @module
 */
import { validationExists } from "../lib/config/checks.ts";
import { readConfig } from "../lib/config/read.ts";
import { readTextFileSync } from "../lib/io/files.ts";
import type { ExperimentConfig } from "./experiment.ts";
import { stageTable } from "./stage_table.ts";

/** What configs are checked against. */
export const RULES = { stages: stageTable, checks: [validationExists] };

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
