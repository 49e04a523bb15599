/**
 * Reading of finished runs, whose files are verified against their manifests.
 *
 * @module
 */
import { decodeRun, FILES, FURTHER_RECORD_FILES, RECORD_FILES } from "../../run/folder.ts";
import { changedFiles, type Manifest } from "../../run/manifest.ts";
import type { RunRecord } from "../../run/record.ts";
import { readManifest, readRunFiles } from "./run_folder.ts";

/** Some files of a finished run, verified against its manifest. */
interface FinishedFiles {
  /** Manifest of the run. */
  readonly manifest: Manifest;
  /** Content of each file, by its name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads some files of a finished run, and verifies them against the run's manifest. `path` is the run
 * folder; `names` are paths within it.
 *
 * @throws {Error} if the folder is not a finished run, or one of the files was changed
 */
export async function readFinishedFiles(
  path: string,
  names: readonly string[],
): Promise<FinishedFiles> {
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
 * Reads and decodes the record of a finished run, from files verified against its manifest.
 *
 * @throws {Error} as {@linkcode readFinishedFiles}
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const { manifest, files } = await readFinishedFiles(path, RECORD_FILES);
  const further = FURTHER_RECORD_FILES.filter((name) =>
    manifest.files.some((file) => file.path === name)
  );
  const { files: more } = await readFinishedFiles(path, further);
  return decodeRun(manifest.run, new Map([...files, ...more]));
}
