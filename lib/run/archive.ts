/**
 * Archives of run folders, to send them: a zip without compression, the same bytes for the same files.
 *
 * @module
 */
import { type UnzipFileInfo, unzipSync, zipSync } from "fflate";
import { FILES } from "./folder.ts";
import { isRunName } from "./names.ts";
import type { Manifest } from "./manifest.ts";

/** Most files of an archive, and most bytes of all: what a hostile one may cost. */
const [MOST_FILES, MOST_BYTES] = [10_000, 2 ** 32];

/** DEFLATE grows at most so many fold. */
const MOST_GROWTH = 1032;

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
  let [count, sum] = [0, 0];
  const wrong = (received: string, cause?: unknown) =>
    new SyntaxError(`Cannot open ${what}: expected an archive of runs: received ${received}`, {
      cause,
    });
  const refused: Error[] = [];
  const filter = ({ name, size, originalSize }: UnzipFileInfo) => {
    [count, sum] = [count + 1, sum + originalSize];
    const isPossible = originalSize <= MOST_GROWTH * Math.min(size, bytes.length);
    if (count > MOST_FILES || sum > MOST_BYTES || !isPossible) {
      refused.push(wrong("one that is too large"));
    } else if (!isPathOfRun(name)) refused.push(wrong(`the path ${JSON.stringify(name)}`));
    return refused.length === 0;
  };
  const files = unzipped(bytes, filter, wrong);
  if (refused.length > 0) throw refused[0];
  if (files.size === 0) throw wrong("an empty one");
  return files;
}

function unzipped(
  bytes: Uint8Array,
  filter: (file: UnzipFileInfo) => boolean,
  wrong: (received: string, cause?: unknown) => Error,
): ReadonlyMap<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (cause) {
    throw wrong("another file, or a damaged one", cause);
  }
}

/** Whether a path, which anybody may have written, is that of a file in a run folder. */
function isPathOfRun(path: string): boolean {
  const [run, ...parts] = path.split("/");
  return isRunName(run) && parts.length > 0 && parts.every((part) => /^\w[\w.-]*$/.test(part));
}
