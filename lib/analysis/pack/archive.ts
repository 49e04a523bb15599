/**
 * Archives of run folders, to send them: a zip without compression, the same bytes for the same files.
 *
 * @module
 */
import { zipSync } from "fflate";
import { isZip, readZip, unpackEntry } from "../../data/formats/zip.ts";
import { FILES } from "../../run/folder.ts";
import { quote } from "../../run/json.ts";
import { isRunName } from "../../run/names.ts";
import type { Manifest } from "../../run/manifest.ts";

/** Most files of an archive, and most bytes of all: what a hostile one may cost. */
const [MOST_FILES, MOST_BYTES] = [10_000, 2 ** 32];

/** A time that stands for none, as zip has it: the earliest. */
const NO_TIME = new Date(1980, 0, 1);

/** Returns the paths of a run's files that are sent: all but checkpoints, and charts, which the report has too. */
export function sentFiles({ files }: Pick<Manifest, "files">): readonly string[] {
  const paths = files.map(({ path }) => path);
  const isLeft = (path: string) =>
    [FILES.checkpoints, FILES.charts].some((folder) => path.startsWith(`${folder}/`));
  return [...paths.filter((path) => !isLeft(path)), FILES.manifest];
}

/**
 * Returns the bytes of an archive.
 *
 * @param files contents by paths, each of which begins with the name of a run
 */
export function encodeArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  return Uint8Array.from(zipSync(Object.fromEntries(sorted), { level: 0, mtime: NO_TIME }));
}

/**
 * Returns the files in an archive, by their paths.
 *
 * @param what the archive, for messages
 * @throws {SyntaxError} if it is no archive of runs, or one that would unpack to somewhere else or to too much
 */
export function decodeArchive(bytes: Uint8Array, what: string): ReadonlyMap<string, Uint8Array> {
  const wrong = (received: string) =>
    new SyntaxError(`Cannot open ${what}: expected an archive of runs: received ${received}`);
  if (!isZip(bytes)) throw wrong("another file, or a damaged one");
  const entries = readZip(bytes, { most: MOST_FILES, wrong });
  if (entries.length === 0) throw wrong("an empty one");
  const other = entries.find(({ name }) => !isPathOfRun(name));
  if (other !== undefined) throw wrong(`the path ${quote(other.name)}`);
  const sum = entries.reduce((sum, { length }) => sum + length, 0);
  if (sum > MOST_BYTES) throw wrong(`one of ${sum} bytes, more than ${MOST_BYTES}`);
  return new Map(entries.map((entry) => {
    const ofFile = (text: string) => new SyntaxError(`Cannot open ${what}: ${entry.name}: ${text}`);
    return [entry.name, unpackEntry(entry, ofFile)];
  }));
}

/** Whether a path, which anybody may have written, is that of a file in a run folder. */
function isPathOfRun(path: string): boolean {
  const [run, ...parts] = path.split("/");
  return isRunName(run) && parts.length > 0 && parts.every((part) => /^\w[\w.-]*$/.test(part));
}
