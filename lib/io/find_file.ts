/**
 * Search for the user's data files by path, or by the SHA-256 of their content.
 *
 * @module
 */
import { basename, isAbsolute, join } from "@std/path";
import type { GivenFile } from "../data/datasets/source.ts";
import { hashContent } from "../data/formats/content.ts";
import type { StoredFile } from "../data/formats/gzip.ts";
import { PACKED_DATA } from "../run/names.ts";
import type { DataFile } from "../run/manifest.ts";
import { fileSystem } from "./file_system.ts";
import { explainError, openStoredFile, openStoredFileIfAny } from "./files.ts";
import { admitConfigPath, expectAdmitted } from "./reads.ts";

/** Folders and former paths at which to look for the files of a data set. */
export interface Places {
  /**
   * Folder of the option `--data-dir`. It contains the files, or a subfolder with the name of the data set
   * that contains them.
   */
  readonly directory?: string | undefined;
  /**
   * Folder of the config. A file whose SHA-256 is known may be in this folder, or in its subfolder `data`,
   * under any name.
   */
  readonly configFolder?: string | undefined;
  /** SHA-256 and former path of each file, from the manifest of a run that used the files. */
  readonly known?: readonly DataFile[] | undefined;
}

/**
 * A search for the files of one data set, by path and by SHA-256. The files in a folder are hashed at most
 * once.
 */
export interface Search extends Places {
  /** Name of the data set. */
  readonly dataset: string;
  /**
   * Returns the path of a file in a folder whose decompressed content has a SHA-256, or undefined if there
   * is none.
   */
  findInFolder(folder: string, sha256: string): Promise<string | undefined>;
}

/**
 * Returns a search for the files of the data set called `dataset`. No file is read until the search is
 * used.
 */
export function openSearch(dataset: string, places: Places): Search {
  const hashed = new Map<string, Promise<ReadonlyMap<string, string>>>();
  return {
    dataset,
    ...places,
    async findInFolder(folder, sha256) {
      const found = hashed.get(folder) ?? hashFilesIn(folder);
      hashed.set(folder, found);
      return (await found).get(sha256);
    },
  };
}

/**
 * Finds and opens one of the user's data files.
 *
 * If the config or a run states the SHA-256 of the file, the file must have this content. The paths that
 * {@linkcode candidatePaths} returns are tried first. Then the folder of `--data-dir` and the folder of the
 * config are searched for a file of any name with this content.
 *
 * If no SHA-256 is stated, the file is opened at its path in the config. With `--data-dir`, the path or its
 * base name is looked for in that folder, and after that only an absolute path as it stands.
 *
 * @throws {Deno.errors.NotFound} if the file is not found
 */
export async function findFile(file: GivenFile, search: Search): Promise<StoredFile> {
  const { directory, dataset } = search;
  const known = search.known?.find((other) => other.file === file.name);
  const sha256 = file.sha256 ?? known?.sha256;
  const candidates = candidatePaths(file, known, search);
  candidates.forEach(admitConfigPath);
  if (sha256 === undefined) {
    for (const path of candidates) {
      const found = await openStoredFileIfAny(path, file.name);
      if (found !== undefined) return found;
    }
    const whole = candidates.find((path) => isAbsolute(path) && path === file.path);
    return await openStoredFile(whole ?? candidates[0], file.name); // throws NotFound
  }
  const others: string[] = [];
  for (const path of candidates) {
    const found = await hashFileIfReadable(path);
    if (found === sha256) return await openStoredFile(path, file.name);
    if (found !== undefined) others.push(`"${path}" (${shortHash(found)})`);
  }
  const path = await findBySha256(sha256, search);
  if (path !== undefined) return await openStoredFile(path, file.name);
  const places = [...candidates, ...searchedFolders(search)].map((path) => `"${path}"`);
  const where = places.length === 0 ? "" : ` in ${places.join(", ")}`;
  const received = others.length > 0
    ? `other content in ${others.join(", ")}`
    : `no such file${where}`;
  throw new Deno.errors.NotFound(
    `Cannot load "${dataset}": expected its ${file.name} with SHA-256 ${shortHash(sha256)}: ` +
      `received ${received}${directory === undefined ? ": name its folder by --data-dir" : ""}`,
  );
}

/**
 * Searches for a file of any name whose decompressed content has a SHA-256, in the folders of `--data-dir`
 * and of the config. Returns its path, or undefined if there is none.
 */
export async function findBySha256(sha256: string, search: Search): Promise<string | undefined> {
  for (const folder of searchedFolders(search)) {
    const path = await search.findInFolder(folder, sha256);
    if (path !== undefined) return path;
  }
  return undefined;
}

/**
 * Returns the error for a data file that cannot be used and whose content may not be quoted, since the user
 * did not name the file.
 */
export function withheldContentError(dataset: string, path: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${dataset}": expected its files: received others, among them "${path}": none of its ` +
      "content is shown, since it lies outside of the working folder and of the paths on the command " +
      "line: pass its folder by --data-dir to see more",
  );
}

/** Returns the first 12 digits of a SHA-256, followed by "…", for messages. */
export function shortHash(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}

/**
 * Returns the paths at which a data file may be, the likeliest first: its path in the manifest of a run,
 * the path in the config and the base names within the folder of `--data-dir`, and the path in the config
 * itself. With `--data-dir`, the last is left out if it is relative and no manifest has the file.
 * `recordedFile` is the file's entry in the manifest.
 */
function candidatePaths(
  { path, orPacked = false }: GivenFile,
  recordedFile: DataFile | undefined,
  search: Search,
): readonly string[] {
  const { directory } = search;
  const named = [path, recordedFile?.path].filter((each) => each !== undefined);
  const isWhole = path !== undefined && isAbsolute(path);
  const inDirectory = (folder: string) => [
    ...(path === undefined || isWhole ? [] : [join(folder, path)]),
    ...named.map((each) => join(folder, basename(each))),
  ];
  const paths = directory === undefined ? [recordedFile?.path, path] : [
    recordedFile?.path,
    ...inDirectory(directory),
    ...(isWhole || recordedFile !== undefined ? [path] : []),
  ];
  const all = paths.filter((each) => each !== undefined);
  return [...new Set(orPacked ? all.flatMap((each) => [`${each}.gz`, each]) : all)];
}

/** Returns the folders that are searched for files by the SHA-256 of their content. */
function searchedFolders({ directory, dataset, configFolder }: Search): readonly string[] {
  const own = directory === undefined ? [] : [directory, join(directory, dataset)];
  const sent = configFolder === undefined ? [] : [configFolder, join(configFolder, PACKED_DATA)];
  return [...own, ...sent];
}

/**
 * Returns the SHA-256 of a file's decompressed content, or undefined if the file is missing or unreadable.
 * Throws if this program has no permission to read it.
 */
export async function hashFileIfReadable(path: string): Promise<string | undefined> {
  try {
    return await hashContent(await openStoredFile(path, "data file"));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

/**
 * Largest number of files, and largest total of their lengths in bytes, in a folder whose files are hashed.
 * Hashing so many bytes takes about half a minute.
 */
const MOST_SEARCHED = { files: 4096, bytes: 2 ** 33 } as const;

/**
 * Computes the SHA-256 of the decompressed content of every file in a folder. Returns the paths of the
 * files by SHA-256; of equal files, the first by name. Subfolders and unreadable files are left out. The
 * map is empty if the folder does not exist.
 *
 * @throws {RangeError} if the folder exceeds {@linkcode MOST_SEARCHED}
 * @throws {Error} if the folder cannot be read
 */
async function hashFilesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names: string[] = [];
  try {
    expectAdmitted(folder);
    for await (const { name, isDirectory } of fileSystem().readDir(folder)) {
      if (!isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainError(`Cannot read "${folder}"`, error);
    }
  }
  const found = new Map<string, string>();
  let bytes = 0;
  for (const [count, name] of names.sort().entries()) {
    const path = join(folder, name);
    bytes += (await openStoredFile(path, "data file").catch(() => undefined))?.length ?? 0;
    if (count === MOST_SEARCHED.files || bytes > MOST_SEARCHED.bytes) {
      throw new RangeError(
        `Cannot search "${folder}" for data by its content: expected at most ` +
          `${MOST_SEARCHED.files} files of ${MOST_SEARCHED.bytes} bytes in all: received more: ` +
          "name the files, or a folder that has little else",
      );
    }
    const sha256 = await hashFileIfReadable(path);
    if (sha256 !== undefined && !found.has(sha256)) found.set(sha256, path);
  }
  return found;
}
