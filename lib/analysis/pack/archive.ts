/**
 * Encodes and decodes archives of run folders: uncompressed zip files, with the same bytes for the same files.
 *
 * @module
 */
import { zipSync } from "fflate";
import { decompressEntry, isZip, listZipEntries } from "../../data/formats/zip.ts";
import { FILES } from "../../run/folder.ts";
import { quoteName } from "../../run/json.ts";
import { isRunName } from "../../run/names.ts";
import type { Manifest } from "../../run/manifest.ts";

/**
 * Largest number of files, and of their bytes in total, in an archive that is opened. They bound the time and
 * memory that a hostile archive can take.
 */
const [MOST_FILES, MOST_BYTES] = [10_000, 2 ** 32];

/** Modification time of all files in an archive, the earliest of the zip format, so that bytes are reproducible. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * Returns the paths of a run's files that an archive has: the manifest and all files in it, except checkpoints,
 * and except charts, which the report contains.
 */
export function listFilesToPack({ files }: Pick<Manifest, "files">): readonly string[] {
  const paths = files.map(({ path }) => path);
  const isLeft = (path: string) =>
    [FILES.checkpoints, FILES.charts].some((folder) => path.startsWith(`${folder}/`));
  return [...paths.filter((path) => !isLeft(path)), FILES.manifest];
}

/**
 * Encodes files of runs as a zip archive.
 *
 * @param files contents by path in the archive; every path begins with the name of a run's folder
 */
export function encodeArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  return Uint8Array.from(zipSync(Object.fromEntries(sorted), { level: 0, mtime: NO_TIME }));
}

/**
 * Decodes a zip archive of runs. Returns the contents of its files by path in the archive.
 *
 * @param fileName name of the archive, for messages
 * @throws {SyntaxError} if it is not a zip archive, has no files, has paths outside of run folders, or is too
 * large
 */
export function decodeArchive(
  bytes: Uint8Array,
  fileName: string,
): ReadonlyMap<string, Uint8Array> {
  const wrong = (received: string) =>
    new SyntaxError(`Cannot open ${fileName}: expected an archive of runs: received ${received}`);
  if (!isZip(bytes)) throw wrong("a file that is not a zip archive, or damaged");
  const entries = listZipEntries(bytes, { maxFiles: MOST_FILES, createError: wrong });
  if (entries.length === 0) throw wrong("an empty one");
  const other = entries.find(({ name }) => !isPathInRunFolder(name));
  if (other !== undefined) throw wrong(`the path ${quoteName(other.name)}`);
  const sum = entries.reduce((sum, { length }) => sum + length, 0);
  if (sum > MOST_BYTES) throw wrong(`one of ${sum} bytes, more than ${MOST_BYTES}`);
  return new Map(entries.map((entry) => {
    const ofFile = (text: string) =>
      new SyntaxError(`Cannot open ${fileName}: ${entry.name}: ${text}`);
    return [entry.name, decompressEntry(entry, ofFile)];
  }));
}

/**
 * Returns whether a path in an archive, which may be hostile, is that of a file in a run folder: the name of a
 * run, then names of letters, digits, "_", "." and "-" that do not begin with "." or "-".
 */
function isPathInRunFolder(path: string): boolean {
  const [run, ...parts] = path.split("/");
  return isRunName(run) && parts.length > 0 && parts.every((part) => /^\w[\w.-]*$/.test(part));
}
