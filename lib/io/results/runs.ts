/**
 * The folders of results: listed, found by what people call them, and removed.
 *
 * @module
 */
import { basename, dirname, globToRegExp, join, resolve, SEPARATOR_PATTERN } from "@std/path";
import {
  type FoundFolder,
  type Kind,
  LISTED_FILES,
  type ListedRun,
  listRun,
  MAIN_FILES,
} from "../../analysis/runs/listing.ts";
import { nearest } from "../../config/messages/suggest.ts";
import { LARGEST_FILE } from "../../data/formats/content.ts";
import { FILES } from "../../run/folder.ts";
import { isRunName } from "../../run/names.ts";
import { parseJsonLines } from "../../run/json.ts";
import { type FileFacts, fileSystem } from "../file_system.ts";
import { expectReadable } from "../reads.ts";
import {
  entriesOf,
  isFolder,
  readFile,
  readFileIfAny,
  readTextFileSync,
  removeFile,
  removeFolder,
} from "../files.ts";

/** A folder of results in a folder of such. */
interface ResultFolder {
  readonly name: string;
  readonly kind: Kind;
}

/** The content of a folder of results. */
interface Listing {
  /** The runs and other results, sorted by name. */
  readonly runs: readonly ListedRun[];
  /** Names of the folders that hold no result, sorted. */
  readonly others: readonly string[];
}

/** Lists the results in a folder, whatever their files are like; none if there is no such folder. */
export async function listRuns(folder: string): Promise<Listing> {
  const results = await resultsIn(folder);
  const names = new Set(results.map(({ name }) => name));
  const others = (await entriesOf(folder))
    .flatMap(({ name, isDirectory }) => isDirectory && !names.has(name) ? [name] : []);
  return { runs: results.map((result) => describe(folder, result)), others: others.sort() };
}

/**
 * The results in a folder, sorted by name: real folders that are named like runs and hold the file that
 * tells their kind. A run writes its config first.
 */
async function resultsIn(folder: string): Promise<readonly ResultFolder[]> {
  const results: ResultFolder[] = [];
  for (const { name, isDirectory } of await entriesOf(folder)) {
    if (!isDirectory || !isRunName(name)) continue;
    const kind = await kindOf(join(folder, name));
    if (kind !== undefined) results.push({ name, kind });
  }
  return results.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Returns what a folder holds; undefined if that is no result. */
async function kindOf(path: string): Promise<Kind | undefined> {
  for (const [kind, file] of Object.entries(MAIN_FILES)) {
    if (await isFile(join(path, file))) return kind as Kind;
  }
  return undefined;
}

/** The text that stands for the run that was finished last. */
const LATEST = "latest";

/** Folder in that of the results to which archives are unpacked. */
export const RECEIVED = "received";

/** Folders in which a run is searched, and kinds of results that are accepted. */
export interface FindOptions {
  /** Folders of results, the first first; runs that were received lie in a folder of theirs. */
  readonly folders: readonly string[];
  /** The kinds of results that will do; runs alone if not given. */
  readonly kinds?: readonly Kind[];
}

/**
 * Finds a run by what people call it: the path of its folder, its name, the beginning of its name if no
 * other begins so, or `latest`, the one that was finished last and not received. Returns a path: that of any other file or
 * folder, too, if there is one and no run has the name.
 *
 * @throws {Deno.errors.NotFound} if there is none
 * @throws {RangeError} if several begin so, or it is the folder of another kind of result
 */
export async function findRun(
  text: string,
  { folders, kinds = ["run"] }: FindOptions,
): Promise<string> {
  const kind = await kindOf(text);
  if (kind !== undefined) return expectKind(text, kind, kinds);
  const known = new Map<string, string>();
  const others: ResultFolder[] = [];
  const received = folders.map((folder) => join(folder, RECEIVED));
  for (const folder of [...folders, ...received]) {
    for (const { name, kind } of await resultsIn(folder)) {
      if (kinds.includes(kind) && !known.has(name)) known.set(name, join(folder, name));
      if (kinds.includes(kind)) continue;
      others.push({ name: join(folder, name), kind });
      if (name === text) expectKind(join(folder, name), kind, kinds);
    }
  }
  const name = text.replace(/\/+$/, "");
  const isPath = name.includes("/");
  const path = isPath ? undefined : known.get(name);
  if (path !== undefined) return path;
  if (await infoOf(fileSystem().stat(text)) !== undefined) return text;
  if (text === LATEST) {
    const own = [...known.values()].filter((path) => !received.includes(dirname(path)));
    return await latestOf(own, folders);
  }
  const names = [...known.keys()];
  const found = isPath ? [] : names.filter((each) => name !== "" && each.startsWith(name));
  if (found.length > 1) throw ambiguous(text, found);
  if (found.length === 1) return known.get(found[0]) as string;
  const other = others.find((each) => name !== "" && basename(each.name).startsWith(name));
  if (!isPath && other !== undefined) expectKind(other.name, other.kind, kinds);
  if (!isPath) throw missing(text, [...names, ...await runsHere()], folders);
  const parent = dirname(name);
  const beside = await isFolder(parent) ? await resultsIn(parent) : [];
  const paths = beside.filter(({ kind }) => kinds.includes(kind))
    .map((each) => join(parent, each.name));
  throw new Deno.errors.NotFound(
    `Cannot read run "${text}": there is no such file or folder: tried "${resolve(text)}"` +
      near(name, paths),
  );
}

/** Returns the paths of the runs in the working directory, which only a path can name. */
async function runsHere(): Promise<readonly string[]> {
  const here = await resultsIn(".");
  return here.filter(({ kind }) => kind === "run").map(({ name }) => `./${name}`);
}

function expectKind(path: string, kind: Kind, kinds: readonly Kind[]): string {
  if (kinds.includes(kind)) return path;
  throw new RangeError(
    `Cannot read run "${path}": expected the folder of a run: received that of ` +
      `${["a", "e", "i", "o"].includes(kind[0]) ? "an" : "a"} ${kind}`,
  );
}

async function latestOf(paths: readonly string[], folders: readonly string[]): Promise<string> {
  let latest: string | undefined;
  let last = -Infinity;
  for (const path of paths) {
    const time = await finishedAt(path);
    if (time === undefined || time <= last) continue;
    latest = path;
    last = time;
  }
  if (latest !== undefined) return latest;
  throw new Deno.errors.NotFound(
    `Cannot find run "${LATEST}": expected a finished run in ${quoted(folders)}: received none`,
  );
}

/** Returns when a run was finished, in milliseconds; undefined if it is not. Who draws it again writes its manifest. */
async function finishedAt(path: string): Promise<number | undefined> {
  const file = join(path, FILES.manifest);
  const bytes = await readFileIfAny(file, "run");
  if (bytes === undefined) return undefined;
  const [, text = ""] = new TextDecoder().decode(bytes).match(/"finished": "([^"]*)"/) ?? [];
  const time = Date.parse(text);
  return Number.isNaN(time) ? (await timeOf(file))?.getTime() : time;
}

/** Most names that a message lists. */
const MOST_NAMES = 4;

function ambiguous(text: string, found: readonly string[]): RangeError {
  const more = found.length - MOST_NAMES;
  return new RangeError(
    `Cannot find run "${text}": expected the beginning of one name: received that of ` +
      quoted(found.slice(0, MOST_NAMES)) + (more > 0 ? ` and ${more} more` : ""),
  );
}

function missing(text: string, names: readonly string[], folders: readonly string[]): Error {
  return new Deno.errors.NotFound(
    `Cannot find run "${text}": there is no such folder, and no run in ${quoted(folders)} has a ` +
      `name that begins so${near(text, names)}`,
  );
}

/** Returns a question after the name that is nearest, as a whole or without its id; or nothing. */
function near(text: string, names: readonly string[]): string {
  const withoutIds = new Map(names.map((name) => [name.replace(/-\w+$/, ""), name]));
  const word = nearest(text, names) ?? nearest(text, withoutIds.keys());
  return word === undefined ? "" : `: did you mean "${withoutIds.get(word) ?? word}"?`;
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(", ");
}

/**
 * Returns the paths of the runs of a sweep, which lie beside its folder, in the order of its grid; undefined
 * if the folder is no sweep's.
 *
 * @throws {SyntaxError} if the sweep's file is broken
 */
export async function sweptRuns(path: string): Promise<readonly string[] | undefined> {
  if (await kindOf(path) !== "sweep") return undefined;
  const file = join(path, "runs.jsonl");
  const lines = new TextDecoder().decode(await readFile(file, "runs of a sweep"));
  return parseJsonLines(lines, `"${file}"`).map((line) => {
    const { run } = Object(line);
    if (typeof run === "string" && isRunName(run)) return join(dirname(path), run);
    throw new SyntaxError(`Cannot read "${file}": expected names of runs: received ${run}`);
  });
}

/**
 * Returns the names of the results in a folder that are meant: by a name, its beginning if no other begins
 * so, a glob of names, or `latest`; or by such a thing after the path of the folder. Nothing outside the
 * folder can be meant, and links are no results.
 *
 * @throws {RangeError} if nothing is meant, or a beginning is that of several
 */
export async function namesMeant(folder: string, text: string): Promise<readonly string[]> {
  const results = await resultsIn(folder);
  const names = results.map(({ name }) => name);
  const last = insideOf(folder, text);
  if (last !== undefined && names.includes(last)) return [last];
  if (last === LATEST) {
    const runs = results.filter(({ kind }) => kind === "run");
    return [basename(await latestOf(runs.map(({ name }) => join(folder, name)), [folder]))];
  }
  const isGlob = last !== undefined && /[*?[{]/.test(last);
  const pattern = isGlob ? globToRegExp(last) : undefined;
  const found = names.filter((name) =>
    pattern?.test(name) ?? (last !== undefined && name.startsWith(last))
  );
  if (found.length > 1 && !isGlob) throw ambiguous(text, found);
  if (found.length > 0) return found;
  throw new RangeError(
    `Cannot remove run: expected the name of a run in "${folder}": received "${text}"` +
      near(last ?? text, names),
  );
}

/** Returns what a text names in a folder itself; undefined if it leads elsewhere. */
function insideOf(folder: string, text: string): string | undefined {
  const parts = text.split(SEPARATOR_PATTERN);
  if (parts.length > 1 && parts.at(-1) === "") parts.pop(); // a separator at the end
  const last = parts.pop() as string;
  if (["", ".", ".."].includes(last) || parts.includes("..")) return undefined;
  return parts.length === 0 || resolve(parts.join("/") || "/") === resolve(folder)
    ? last
    : undefined;
}

/**
 * Removes a run, or another result, for good. It is one of the folder: nothing outside it can be named, and
 * links are neither results nor followed.
 *
 * The manifest goes first, so that a run whose removal was cut short does not pass for finished.
 *
 * @throws {RangeError} if the name is not that of a result in the folder
 * @throws {Error} if the system refuses
 */
export async function removeRun(folder: string, name: string): Promise<void> {
  const results = await resultsIn(folder);
  if (!results.some((result) => result.name === name)) {
    throw new RangeError(`Cannot remove run: expected a run in "${folder}": received "${name}"`);
  }
  const path = join(folder, name);
  await removeFile(join(path, FILES.manifest));
  await removeFolder(path);
}

/** Describes a result by its files. What cannot be read is a problem of that result, and not of the list. */
function describe(folder: string, { name, kind }: ResultFolder): ListedRun {
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
  found.model = attempt(() => beginningOf(join(path, FILES.model)));
  found.changed = [FILES.manifest, MAIN_FILES[kind]]
    .map((file) => attempt(() => fileSystem().lstatSync(join(path, file)).mtime))
    .find((time) => time instanceof Date);
  found.bytes = attempt(() => sizeOf(path)) ?? 0;
  return listRun(name, found);
}

/** An object whose members are assigned one after the other. */
type Writable<Of> = { -readonly [Key in keyof Of]: Of[Key] };

/** Bytes of a file that hold the header of a model. */
const HEADER = 2 ** 14;

/** Reads the first bytes of a file. */
function beginningOf(path: string): Uint8Array {
  expectReadable(path, fileSystem().statSync(path), LARGEST_FILE);
  using file = fileSystem().openSync(path, { read: true });
  const bytes = new Uint8Array(HEADER);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/** Bytes of all files in a folder and its subfolders; links count nothing. */
function sizeOf(folder: string): number {
  let bytes = 0;
  for (const { name, isDirectory, isFile } of fileSystem().readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) bytes += sizeOf(path);
    if (isFile) bytes += fileSystem().lstatSync(path).size;
  }
  return bytes;
}

/** Returns when a file was written; undefined if there is none. */
async function timeOf(path: string): Promise<Date | undefined> {
  return (await infoOf(fileSystem().lstat(path)))?.mtime ?? undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await infoOf(fileSystem().lstat(path)))?.isFile === true;
}

/** Returns what there is at a path; undefined if nothing is, or a part of the path is a file. */
async function infoOf(look: Promise<FileFacts>): Promise<FileFacts | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}
