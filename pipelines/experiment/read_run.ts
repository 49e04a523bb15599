import { dirname, join } from "@std/path";
import { parseConfig } from "../../lib/config/read.ts";
import { readFinishedFiles, readRecord } from "../../lib/io/results/read_finished.ts";
import { FILES } from "../../lib/run/folder.ts";
import { parseJson } from "../../lib/run/json.ts";
import type { Manifest } from "../../lib/run/manifest.ts";
import { decodeModel, type Model } from "../../lib/run/model.ts";
import { RULES } from "./config_file.ts";
import type { ExperimentConfig, StageConfig } from "./stage_table.ts";

export { readFinishedFiles as readFinished, readRecord };

/** The config and manifest of a finished run. */
export interface ConfiguredRun {
  readonly config: ExperimentConfig;
  readonly manifest: Manifest;
}

/**
 * Reads the config and the manifest of the finished run at a path.
 *
 * @throws {Error} if the run is not finished, or its config was changed
 */
export async function readRunConfig(path: string): Promise<ConfiguredRun> {
  const { manifest, files } = await readFinishedFiles(path, [FILES.config]);
  const text = new TextDecoder().decode(files.get(FILES.config));
  const json = parseJson(text, `config "${join(path, FILES.config)}"`);
  return { config: parseConfig(json, RULES), manifest };
}

/**
 * Reads the model of the finished run at a path.
 *
 * @throws {Error} if the run is not finished, has no model, or its model was changed
 */
export async function readModel(path: string): Promise<Model> {
  const { files } = await readFinishedFiles(path, [FILES.model]);
  const bytes = files.get(FILES.model) as Uint8Array;
  return decodeModel(bytes, `model "${join(path, FILES.model)}"`);
}

/**
 * Returns the paths of the members of the ensemble at a path; their folders lie beside the ensemble's folder,
 * and may be missing. Returns undefined if the run is not an ensemble.
 */
export async function memberPaths(path: string): Promise<readonly string[] | undefined> {
  const { config } = await readRunConfig(path);
  if (config.ensemble === undefined) return undefined;
  const { members } = await readRecord(path);
  return members?.map(({ run }) => join(dirname(path), run));
}

/**
 * Returns a stage of a run's config, with its name and options.
 *
 * @param path path of the run, for the error message
 * @throws {RangeError} if the config does not have the stage
 */
export function stageOptionsOf<Name extends StageConfig["stage"]>(
  { pipeline }: ExperimentConfig,
  name: Name,
  path: string,
): Extract<StageConfig, { readonly stage: Name }> {
  const found = pipeline.find(({ stage }) => stage === name);
  if (found !== undefined) return found as Extract<StageConfig, { readonly stage: Name }>;
  throw new RangeError(
    `Cannot evaluate run "${path}": expected a stage "${name}" in its config: received none`,
  );
}
