/**
 * Reads a config file for a command, or says all that is wrong with it.
 *
 * @module
 */
import { validationExists } from "../lib/config/checks.ts";
import { ConfigError } from "../lib/config/problem.ts";
import { readConfig } from "../lib/config/read.ts";
import { readTextFileSync } from "../lib/io/files.ts";
import type { ExperimentConfig } from "./experiment.ts";
import { stageTable } from "./stage_table.ts";

/** What configs are checked against. */
export const RULES = { stages: stageTable, checks: [validationExists] };

/** The config in a file, changed by overrides; or undefined, when stderr says what is wrong. */
export function readConfigFile(
  path: string,
  overrides: readonly string[],
): ExperimentConfig | undefined {
  try {
    return readConfig(path, overrides, {
      ...RULES,
      readText: (path) => readTextFileSync(path, "config"),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return undefined;
  }
}
