/**
 * Listing of the result folders of runs and other commands, finding them by name, and removing them.
 *
 * @module
 */
import { basename, dirname, globToRegExp, join, resolve, SEPARATOR_PATTERN } from "@std/path";
import {
  type FoundFolder,
  type Kind,
  LISTED_FILES,
  type ListedRun,
  MAIN_FILES,
  summarizeFolder,
} from "../../analysis/runs/listing.ts";
import { nearest } from "../../config/messages/suggest.ts";
import { LARGEST_FILE } from "../../data/formats/content.ts";
import { FILES } from "../../run/folder.ts";
import { isRunName } from "../../run/names.ts";
import { parseJsonLines } from "../../run/json.ts";
import { type FileFacts, fileSystem } from "../file_system.ts";
import { expectReadable } from "../reads.ts";
import {
  isFolder,
  readFile,
  readFileIfAny,
  readFolderEntries,
  readTextFileSync,
  removeFile,
  removeFolder,
} from "../files.ts";

/**
 * A folder that has the result of a command: its name without the path, and the kind of the result, such as
 * a run or a sweep.
 */
export interface ResultFolder {
  readonly name: string;
  readonly kind: Kind;
}

/** The result folders inside a folder. */
interface Listing {
  /** Runs and other results, with their properties, sorted by name. */
  readonly runs: readonly ListedRun[];
  /** Sorted names of the folders that have no result. */
  readonly others: readonly string[];
}

/**
 * Lists the runs and other results in a folder, including damaged ones. Returns an empty listing if the
 * folder does not exist.
 */
export async function listRuns(folder: string): Promise<Listing> {
  const results = await listResults(folder);
  const names = new Set(results.map(({ name }) => name));
  const others = (await readFolderEntries(folder))
    .flatMap(({ name, isDirectory }) => isDirectory && !names.has(name) ? [name] : []);
  return {
    runs: results.map((result) => readResultProperties(folder, result)),
    others: others.sort(),
  };
}

/**
 * Returns the result folders inside a folder, sorted by name. A result folder is not a link, has a name
 * that ends with an id, and contains the main file of its kind of result.
 */
async function listResults(folder: string): Promise<readonly ResultFolder[]> {
  const results: ResultFolder[] = [];
  for (const { name, isDirectory } of await readFolderEntries(folder)) {
    if (!isDirectory || !isRunName(name)) continue;
    const kind = await resultKind(join(folder, name));
    if (kind !== undefined) results.push({ name, kind });
  }
  return results.sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * Returns the kind of the result in a folder, such as a run or a sweep. Returns undefined if the folder has
 * no result.
 */
async function resultKind(path: string): Promise<Kind | undefined> {
  for (const [kind, file] of Object.entries(MAIN_FILES)) {
    if (await isFile(join(path, file))) return kind as Kind;
  }
  return undefined;
}

/**
 * Lists the finished results in a folder whose kind is one of `kinds`, newest first. The age of a result
 * counts from the last modification of its main file, or for a run of its manifest.
 */
export async function listFinishedResults(
  folder: string,
  kinds: readonly Kind[],
): Promise<readonly ResultFolder[]> {
  const results = (await listResults(folder)).filter(({ kind }) => kinds.includes(kind));
  const timed = await Promise.all(results.map(async (result) => {
    const { name, kind } = result;
    const file = kind === "run" ? FILES.manifest : MAIN_FILES[kind];
    return { result, time: (await modificationTime(join(folder, name, file)))?.getTime() };
  }));
  return timed.filter(({ time }) => time !== undefined)
    .sort((a, b) => Number(b.time) - Number(a.time)).map(({ result }) => result);
}

/** Word that stands for the run that finished last. */
const LATEST = "latest";

/**
 * Name of the subfolder into which archives of runs are unpacked, inside the folder that has all results.
 */
export const RECEIVED_FOLDER = "received";

/** Options of {@linkcode findRun}. */
export interface FindOptions {
  /**
   * Folders with results among which a run is searched for, in this order. Their subfolders
   * {@linkcode RECEIVED_FOLDER} follow after all of them.
   */
  readonly folders: readonly string[];
  /** Kinds of results that count as runs here. Defaults to runs alone. */
  readonly kinds?: readonly Kind[];
}

/**
 * Finds a run and returns the path of its folder. The path of any other existing file or folder is returned
 * unchanged, unless a run has this name.
 *
 * @param reference path of the folder, name of the run, beginning of a single run's name, or `latest` for
 *     the run that finished last, not counting unpacked archives
 *
 * @throws {Deno.errors.NotFound} if no run is found
 * @throws {RangeError} if several names begin with the reference, or if it leads to a result of a kind that
 *     is not accepted
 */
export async function findRun(
  reference: string,
  { folders, kinds = ["run"] }: FindOptions,
): Promise<string> {
  const kind = await resultKind(reference);
  if (kind !== undefined) return expectKind(reference, kind, kinds);
  const known = new Map<string, string>();
  const others: ResultFolder[] = [];
  const received = folders.map((folder) => join(folder, RECEIVED_FOLDER));
  for (const folder of [...folders, ...received]) {
    for (const { name, kind } of await listResults(folder)) {
      if (kinds.includes(kind) && !known.has(name)) known.set(name, join(folder, name));
      if (kinds.includes(kind)) continue;
      others.push({ name: join(folder, name), kind });
      if (name === reference) expectKind(join(folder, name), kind, kinds);
    }
  }
  const name = reference.replace(/\/+$/, "");
  const isPath = name.includes("/");
  const path = isPath ? undefined : known.get(name);
  if (path !== undefined) return path;
  if (await infoIfReadable(fileSystem().stat(reference)) !== undefined) return reference;
  if (reference === LATEST) {
    const own = [...known.values()].filter((path) => !received.includes(dirname(path)));
    return await findLatest(own, folders);
  }
  const names = [...known.keys()];
  const found = isPath ? [] : names.filter((each) => name !== "" && each.startsWith(name));
  if (found.length > 1) throw ambiguousNameError(reference, found);
  if (found.length === 1) return known.get(found[0]) as string;
  const other = others.find((each) => name !== "" && basename(each.name).startsWith(name));
  if (!isPath && other !== undefined) expectKind(other.name, other.kind, kinds);
  if (!isPath) {
    throw runNotFoundError(reference, [...names, ...await listRunPathsInWorkingFolder()], folders);
  }
  const parent = dirname(name);
  const beside = await isFolder(parent) ? await listResults(parent) : [];
  const paths = beside.filter(({ kind }) => kinds.includes(kind))
    .map((each) => join(parent, each.name));
  throw new Deno.errors.NotFound(
    `Cannot read run "${reference}": there is no such file or folder: tried "${
      resolve(reference)
    }"` +
      suggestName(name, paths),
  );
}

/**
 * Returns the paths of the runs in the working folder, such as "./mnist-0123456789". {@linkcode findRun}
 * finds these runs only by path, so its error message suggests paths and not names.
 */
async function listRunPathsInWorkingFolder(): Promise<readonly string[]> {
  const here = await listResults(".");
  return here.filter(({ kind }) => kind === "run").map(({ name }) => `./${name}`);
}

/**
 * Returns the path of a result unchanged, or throws a RangeError if the result's kind is not among the
 * accepted `kinds`.
 */
function expectKind(path: string, kind: Kind, kinds: readonly Kind[]): string {
  if (kinds.includes(kind)) return path;
  throw new RangeError(
    `Cannot read run "${path}": expected the folder of a run: received that of ` +
      `${["a", "e", "i", "o"].includes(kind[0]) ? "an" : "a"} ${kind}`,
  );
}

/**
 * Returns the path of the run that finished last, among the runs at `paths`. Throws an error that names
 * `folders` if none of the runs is finished.
 */
async function findLatest(paths: readonly string[], folders: readonly string[]): Promise<string> {
  let latest: string | undefined;
  let last = -Infinity;
  for (const path of paths) {
    const time = await readFinishTime(path);
    if (time === undefined || time <= last) continue;
    latest = path;
    last = time;
  }
  if (latest !== undefined) return latest;
  throw new Deno.errors.NotFound(
    `Cannot find run "${LATEST}": expected a finished run in ${quoteNames(folders)}: received none`,
  );
}

/**
 * Returns the time at which the run in a folder finished (ms since 1970), or undefined if it is not
 * finished. The time is the one stated in the manifest, since the command `report` changes the modification
 * time of that file.
 */
async function readFinishTime(path: string): Promise<number | undefined> {
  const file = join(path, FILES.manifest);
  const bytes = await readFileIfAny(file, "run");
  if (bytes === undefined) return undefined;
  const [, text = ""] = new TextDecoder().decode(bytes).match(/"finished": "([^"]*)"/) ?? [];
  const time = Date.parse(text);
  return Number.isNaN(time) ? (await modificationTime(file))?.getTime() : time;
}

/** Largest number of names that a message lists. */
const MOST_NAMES = 4;

/** Returns the error for a reference with which the names of several runs begin. */
function ambiguousNameError(reference: string, matches: readonly string[]): RangeError {
  const more = matches.length - MOST_NAMES;
  return new RangeError(
    `Cannot find run "${reference}": expected the beginning of one name: received that of ` +
      quoteNames(matches.slice(0, MOST_NAMES)) + (more > 0 ? ` and ${more} more` : ""),
  );
}

/**
 * Returns the error for a reference that is neither the path nor the name of a run. `names` are those of
 * which the message may suggest one, `folders` those that were searched.
 */
function runNotFoundError(
  reference: string,
  names: readonly string[],
  folders: readonly string[],
): Error {
  return new Deno.errors.NotFound(
    `Cannot find run "${reference}": there is no such folder, and no run in ${
      quoteNames(folders)
    } has a ` +
      `name that begins with it${suggestName(reference, names)}`,
  );
}

/**
 * Returns the text ": did you mean …?" with the name most similar to a reference. Names are compared with
 * and without the ids at their ends. Returns an empty text if none is similar.
 */
function suggestName(reference: string, names: readonly string[]): string {
  const withoutIds = new Map(names.map((name) => [name.replace(/-\w+$/, ""), name]));
  const word = nearest(reference, names) ?? nearest(reference, withoutIds.keys());
  return word === undefined ? "" : `: did you mean "${withoutIds.get(word) ?? word}"?`;
}

/** Returns texts in quotes, separated by commas. */
function quoteNames(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(", ");
}

/**
 * Returns the paths of the runs of a sweep, in the order of its grid. `path` is the folder of the sweep;
 * those of the runs are beside it. Returns undefined if the folder is not that of a sweep.
 *
 * @throws {SyntaxError} if the sweep's list of runs is malformed
 */
export async function listRunsOfSweep(path: string): Promise<readonly string[] | undefined> {
  if (await resultKind(path) !== "sweep") return undefined;
  const file = join(path, "runs.jsonl");
  const lines = new TextDecoder().decode(await readFile(file, "runs of a sweep"));
  return parseJsonLines(lines, `"${file}"`).map((line) => {
    const { run } = Object(line);
    if (typeof run === "string" && isRunName(run)) return join(dirname(path), run);
    throw new SyntaxError(`Cannot read "${file}": expected names of runs: received ${run}`);
  });
}

/**
 * Returns the names of the results in a folder that a reference matches. Links and results outside the
 * folder never match.
 *
 * @param reference name of a result, beginning of a single result's name, glob, or `latest`, each with or
 *     without the path of the folder before it
 *
 * @throws {RangeError} if no result matches, or several names begin with the reference
 */
export async function findMatchingResults(
  folder: string,
  reference: string,
): Promise<readonly string[]> {
  const results = await listResults(folder);
  const names = results.map(({ name }) => name);
  const last = nameInFolder(folder, reference);
  if (last !== undefined && names.includes(last)) return [last];
  if (last === LATEST) {
    const runs = results.filter(({ kind }) => kind === "run");
    return [basename(await findLatest(runs.map(({ name }) => join(folder, name)), [folder]))];
  }
  const isGlob = last !== undefined && /[*?[{]/.test(last);
  const pattern = isGlob ? globToRegExp(last) : undefined;
  const found = names.filter((name) =>
    pattern?.test(name) ?? (last !== undefined && name.startsWith(last))
  );
  if (found.length > 1 && !isGlob) throw ambiguousNameError(reference, found);
  if (found.length > 0) return found;
  throw new RangeError(
    `Cannot remove run: expected the name of a run in "${folder}": received "${reference}"` +
      suggestName(last ?? reference, names),
  );
}

/**
 * Returns the last part of the path `reference` if its preceding parts lead to `folder`, or if it has no
 * preceding parts. Returns undefined otherwise.
 */
function nameInFolder(folder: string, reference: string): string | undefined {
  const parts = reference.split(SEPARATOR_PATTERN);
  if (parts.length > 1 && parts.at(-1) === "") parts.pop(); // a separator at the end
  const last = parts.pop() as string;
  if (["", ".", ".."].includes(last) || parts.includes("..")) return undefined;
  return parts.length === 0 || resolve(parts.join("/") || "/") === resolve(folder)
    ? last
    : undefined;
}

/**
 * Removes the result with a name from a folder, permanently. A link is never such a result. Links in the
 * folder of the result are removed and not followed.
 *
 * The manifest is removed first, so that an interrupted removal never leaves a finished run.
 *
 * @throws {RangeError} if the folder has no result with this name
 * @throws {Error} if a file cannot be removed
 */
export async function removeResult(folder: string, name: string): Promise<void> {
  const results = await listResults(folder);
  if (!results.some((result) => result.name === name)) {
    throw new RangeError(`Cannot remove run: expected a run in "${folder}": received "${name}"`);
  }
  const path = join(folder, name);
  await removeFile(join(path, FILES.manifest));
  await removeFolder(path);
}

/**
 * Reads the properties of a result for a listing. If a file cannot be read, the returned entry states the
 * problem.
 */
function readResultProperties(folder: string, { name, kind }: ResultFolder): ListedRun {
  const path = join(folder, name);
  const texts = new Map<string, string>();
  const found: Writable<FoundFolder> = { kind, texts, bytes: 0 };
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) found.problem ??= `${error}`;
      return undefined;
    }
  };
  for (const file of new Set([...LISTED_FILES, MAIN_FILES[kind]])) {
    const text = attempt(() => readTextFileSync(join(path, file), "run", LARGEST_FILE));
    if (text !== undefined) texts.set(file, text);
  }
  found.model = attempt(() => readModelStart(join(path, FILES.model)));
  found.changed = [FILES.manifest, MAIN_FILES[kind]]
    .map((file) => attempt(() => fileSystem().lstatSync(join(path, file)).mtime))
    .find((time) => time instanceof Date);
  found.bytes = attempt(() => folderSize(path)) ?? 0;
  return summarizeFolder(name, found);
}

/** A type whose properties are not readonly. */
type Writable<Of> = { -readonly [Key in keyof Of]: Of[Key] };

/** Number of bytes that are read at the start of a model file: enough for the header of a usual model. */
const HEADER = 2 ** 14;

/** Reads the first {@linkcode HEADER} bytes of a model file, or fewer if the file is shorter. */
function readModelStart(path: string): Uint8Array {
  expectReadable(path, fileSystem().statSync(path), LARGEST_FILE);
  using file = fileSystem().openSync(path, { read: true });
  const bytes = new Uint8Array(HEADER);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/** Returns the total size of all files in a folder and its subfolders, in bytes. Links are not counted. */
function folderSize(folder: string): number {
  let bytes = 0;
  for (const { name, isDirectory, isFile } of fileSystem().readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) bytes += folderSize(path);
    if (isFile) bytes += fileSystem().lstatSync(path).size;
  }
  return bytes;
}

/** Returns the time at which a file was last modified, or undefined if the file cannot be accessed. */
async function modificationTime(path: string): Promise<Date | undefined> {
  return (await infoIfReadable(fileSystem().lstat(path)))?.mtime ?? undefined;
}

/** Returns whether a path leads to a regular file and is not a link. */
async function isFile(path: string): Promise<boolean> {
  return (await infoIfReadable(fileSystem().lstat(path)))?.isFile === true;
}

/**
 * Awaits the properties of a file or folder. Returns undefined if it cannot be accessed. Throws if this
 * program has no permission to read it.
 */
async function infoIfReadable(facts: Promise<FileFacts>): Promise<FileFacts | undefined> {
  try {
    return await facts;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}
