import { dirname, join } from "@std/path";
import { parseConfig } from "../../lib/config/read.ts";
import { readManifest, readRunFiles } from "../../lib/io/results/run_folder.ts";
import { decodeRun, FILES, FURTHER_RECORD_FILES, RECORD_FILES } from "../../lib/run/folder.ts";
import { parseJson } from "../../lib/run/json.ts";
import { changedFiles, type Manifest } from "../../lib/run/manifest.ts";
import { decodeModel, type Model } from "../../lib/run/model.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { RULES } from "./config_file.ts";
import type { ExperimentConfig, StageConfig } from "./stage_table.ts";

/** Files of a finished run, as they were when it finished. */
interface FinishedRun {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads files of a finished run.
 *
 * @throws {Error} if the folder holds no finished run, or one of the files was changed since
 */
export async function readFinished(path: string, names: readonly string[]): Promise<FinishedRun> {
  const manifest = await readManifest(path);
  if (manifest === undefined) {
    throw new Error(
      `Cannot read run "${path}": expected the folder of a finished run: ` +
        `received one without "${FILES.manifest}"`,
    );
  }
  const files = await readRunFiles(path, names);
  const listed = manifest.files.map(({ path }) => path);
  const changed = changedFiles(manifest, files);
  const wrong = names.find((name) => changed.includes(name) || !listed.includes(name));
  if (wrong === undefined) return { manifest, files };
  throw new Error(
    `Cannot read run "${path}": expected its files as its manifest has them: ` +
      `received another "${wrong}"`,
  );
}

export async function readRecord(path: string): Promise<RunRecord> {
  const { manifest, files } = await readFinished(path, RECORD_FILES);
  const further = FURTHER_RECORD_FILES.filter((name) =>
    manifest.files.some((file) => file.path === name)
  );
  const { files: more } = await readFinished(path, further);
  return decodeRun(manifest.run, new Map([...files, ...more]));
}

/** A finished run by what it was made from. */
export interface ConfiguredRun {
  readonly config: ExperimentConfig;
  readonly manifest: Manifest;
}

export async function readRunConfig(path: string): Promise<ConfiguredRun> {
  const { manifest, files } = await readFinished(path, [FILES.config]);
  const text = new TextDecoder().decode(files.get(FILES.config));
  const json = parseJson(text, `config "${join(path, FILES.config)}"`);
  return { config: parseConfig(json, RULES), manifest };
}

export async function readModel(path: string): Promise<Model> {
  const { files } = await readFinished(path, [FILES.model]);
  const bytes = files.get(FILES.model) as Uint8Array;
  return decodeModel(bytes, `model "${join(path, FILES.model)}"`);
}

/** Paths of the members of a committee, which lie beside it; undefined for another run. */
export async function memberPaths(path: string): Promise<readonly string[] | undefined> {
  const { config } = await readRunConfig(path);
  if (config.committee === undefined) return undefined;
  const { members } = await readRecord(path);
  return members?.map(({ run }) => join(dirname(path), run));
}

/** Options of a stage that a run had; `path` is that of the run, for messages. */
export function optionsOf<Name extends StageConfig["stage"]>(
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
