/**
 * Reading of finished runs, verified against their manifests.
 *
 * @module
 */
import { decodeRun, FILES, FURTHER_RECORD_FILES, RECORD_FILES } from "../../run/folder.ts";
import { changedFiles, type Manifest } from "../../run/manifest.ts";
import type { RunRecord } from "../../run/record.ts";
import { readManifest, readRunFiles } from "./run_folder.ts";

/** Verified files of a finished run. */
interface FinishedFiles {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads files of a finished run and verifies them against its manifest.
 *
 * @throws {Error} if the folder is not a finished run, or one of the files was changed
 */
export async function readFinished(path: string, names: readonly string[]): Promise<FinishedFiles> {
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

/**
 * Reads the record of a finished run.
 *
 * @throws {Error} as {@linkcode readFinished}
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const { manifest, files } = await readFinished(path, RECORD_FILES);
  const further = FURTHER_RECORD_FILES.filter((name) =>
    manifest.files.some((file) => file.path === name)
  );
  const { files: more } = await readFinished(path, further);
  return decodeRun(manifest.run, new Map([...files, ...more]));
}
