/**
 * Reading files with clear errors, and writing files atomically.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, resolve } from "@std/path";
import { joinBytes, LARGEST_FILE } from "../data/formats/content.ts";
import type { StoredFile } from "../data/formats/gzip.ts";
import { type FileFacts, fileSystem } from "./file_system.ts";
import { expectAdmitted, expectReadable } from "./reads.ts";
import { errorReason } from "./reason.ts";

/** Suffix of files that are being written; their names begin with a dot. */
const TEMPORARY = ".tmp";

/**
 * Reads a file.
 *
 * @param role role of the file in messages, for example `config` or `training labels`
 * @param most bytes that it may have
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if permission is missing
 * @throws {Error} if it cannot be read for another reason, for example because it is a folder
 */
export async function readFile(
  path: string,
  role: string,
  most = LARGEST_FILE,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    expectReadable(path, await fileSystem().stat(path), most);
    return await fileSystem().readFile(path);
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/** Bytes that are read from a file at a time. */
const PIECE = 2 ** 16;

/** Opens a file for reading in pieces. Errors are those of {@link readFile}. */
export async function openStoredFile(path: string, role: string): Promise<StoredFile> {
  try {
    const facts = await fileSystem().stat(path);
    expectReadable(path, facts, LARGEST_FILE);
    const pieces = { [Symbol.asyncIterator]: () => readPieces(path, role, facts.size) };
    return { origin: path, length: facts.size, pieces };
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/**
 * The bytes of the standard input, to its end.
 *
 * @throws {RangeError} if they are more than a file may have
 */
export async function readStandardInput(): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of Deno.stdin.readable) {
    pieces.push(piece);
    length += piece.length;
    if (length <= LARGEST_FILE) continue;
    throw new RangeError(
      `Cannot read the standard input: expected at most ${LARGEST_FILE} bytes: received more`,
    );
  }
  return joinBytes(pieces);
}

/** Opens a file for reading in pieces, or returns undefined if it does not exist. */
export function openStoredFileIfAny(path: string, role: string): Promise<StoredFile | undefined> {
  return ifFound(openStoredFile(path, role), undefined);
}

/** Reads at most `size` bytes in pieces, since a file may grow while it is read. */
async function* readPieces(path: string, role: string, size: number): AsyncGenerator<Uint8Array> {
  try {
    using file = await fileSystem().open(path, { read: true });
    for (let left = size; left > 0;) {
      const piece = new Uint8Array(Math.min(PIECE, left));
      const length = await file.read(piece);
      if (length === null) return;
      yield piece.subarray(0, length);
      left -= length;
    }
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/**
 * Reads a text file synchronously, as the reader of configs needs it. Errors are those of
 * {@link readFile}.
 *
 * @param most largest length in bytes
 * @throws {SyntaxError} if the file is not UTF-8
 */
export function readTextFileSync(path: string, role: string, most: number): string {
  let bytes: Uint8Array;
  try {
    expectReadable(path, fileSystem().statSync(path), most);
    bytes = fileSystem().readFileSync(path);
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${role} "${path}": it is not text in UTF-8`, { cause });
  }
}

/** Returns whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem().stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/** Returns the sorted names of a folder's entries; none if the folder cannot be read. */
export function listNamesSync(folder: string): readonly string[] {
  try {
    expectAdmitted(folder || ".");
    return Array.from(fileSystem().readDirSync(folder || "."), ({ name }) => name).sort();
  } catch {
    return [];
  }
}

/** Reads a file, or returns undefined if it does not exist. Other errors are those of {@link readFile}. */
export function readFileIfAny(
  path: string,
  role: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return ifFound(readFile(path, role), undefined);
}

/** Returns the entries of a folder, unsorted; none if there is no such folder. */
export async function readFolderEntries(folder: string): Promise<readonly Deno.DirEntry[]> {
  expectAdmitted(folder);
  try {
    return await ifFound(Array.fromAsync(fileSystem().readDir(folder)), []);
  } catch (error) {
    throw explainError(`Cannot read folder "${folder}"`, error);
  }
}

/** Returns the properties of a file, folder or link; undefined if the path does not exist. */
export async function readFileFacts(path: string): Promise<FileFacts | undefined> {
  try {
    return await ifFound(fileSystem().lstat(path), undefined);
  } catch (error) {
    throw explainError(`Cannot read "${path}"`, error);
  }
}

/** Returns the result of an access, or `missing` if there is no such file or folder. */
export async function ifFound<Found, Missing>(
  access: Promise<Found>,
  missing: Missing,
): Promise<Found | Missing> {
  try {
    return await access;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw error;
  }
}

/**
 * Writes a file atomically: readers find the old content or the new, never a part, even after a crash.
 *
 * The content is written to a temporary file in the same folder and synced to disk, then an atomic
 * rename replaces the path; at last the folder is synced, so that the rename survives a power cut. If a
 * step fails, the temporary file is removed.
 *
 * @param root existing folder in which the file's folder is created. By default all missing folders are
 *   created
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if permission is missing
 * @throws {Error} if it cannot be written for another reason, for example a full disk
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  root?: string,
): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${crypto.randomUUID()}${TEMPORARY}`);
  try {
    await createFolder(folder, root);
    try {
      await writeSynced(temporary, bytes);
      await fileSystem().rename(temporary, path);
    } catch (error) {
      await fileSystem().remove(temporary).catch(() => {}); // the first error is reported
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw explainError(`Cannot write "${path}"`, error);
  }
}

/**
 * Checks that a folder of results is not a symbolic link and contains none, at any depth. Through a link
 * that somebody else placed there, files would be written or removed elsewhere. A missing folder is
 * valid, and its parents may be links.
 *
 * @throws {Error} if there is a link
 */
export async function rejectLinks(folder: string): Promise<void> {
  const facts = await readFileFacts(folder);
  if (facts?.isSymlink === true) throw linkError(folder);
  if (facts?.isDirectory !== true) return;
  for (const { name, isDirectory, isSymlink } of await readFolderEntries(folder)) {
    const path = join(folder, name);
    if (isSymlink) throw linkError(path);
    if (isDirectory) await rejectLinks(path);
  }
}

function linkError(path: string): Error {
  return new Error(
    `Cannot write to "${path}": expected no symbolic links below the folder of results: received ` +
      "one: remove it",
  );
}

/** Creates a folder and its missing parents. An existing folder is left unchanged. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await fileSystem().mkdir(path, { recursive: true });
  } catch (error) {
    throw explainError(`Cannot make folder "${path}"`, error);
  }
}

/** Creates a new folder in another one and returns its path. Its name begins with `prefix`. */
export async function makeTemporaryFolder(parent: string, prefix: string): Promise<string> {
  await makeFolder(parent);
  try {
    return await fileSystem().makeTempDir({ dir: parent, prefix });
  } catch (error) {
    throw explainError(`Cannot make folder in "${parent}"`, error);
  }
}

/** Removes a folder with its content, if it exists. Links are removed, not followed. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await fileSystem().remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainError(`Cannot remove "${path}"`, error);
    }
  }
}

/** Removes a file, if it exists. */
export async function removeFile(path: string): Promise<void> {
  try {
    await fileSystem().remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainError(`Cannot remove "${path}"`, error);
    }
  }
}

/**
 * Removes the temporary files that killed writers left in a folder, without its subfolders.
 *
 * @param age smallest age of the files (ms); 0 only if no other process can be writing there
 */
export async function removeLeftovers(folder: string, age: number): Promise<void> {
  try {
    for await (const { name, isFile } of fileSystem().readDir(folder)) {
      if (!isFile || !name.startsWith(".") || !name.endsWith(TEMPORARY)) continue;
      const path = join(folder, name);
      const { mtime } = await fileSystem().stat(path);
      if (mtime !== null && Date.now() - mtime.getTime() >= age) await fileSystem().remove(path);
    }
  } catch (error) {
    // NotFound: the folder is missing, or another process removed the same file first
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainError(`Cannot remove temporary files from "${folder}"`, error);
    }
  }
}

/** Creates a folder: inside an existing `root`, or else with all missing parents. */
async function createFolder(folder: string, root: string | undefined): Promise<void> {
  if (folder === root) return;
  try {
    await fileSystem().mkdir(folder, { recursive: root === undefined });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Writes a new file and syncs it to disk. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await fileSystem().open(path, { write: true, createNew: true });
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.sync();
}

/** Syncs a folder's entries to disk. Windows has no such call, and needs none after a rename. */
async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await fileSystem().open(folder, { read: true });
  await handle.sync();
}

/** Classes of errors that callers distinguish; {@linkcode explainError} keeps them. */
const KINDS = [Deno.errors.NotFound, Deno.errors.PermissionDenied, Deno.errors.NotCapable] as const;

/**
 * Returns an error of the same class whose message is `what` and the reason in plain words.
 *
 * @param path path of the file. If it is relative and does not exist, the message has its absolute form
 */
export function explainError(action: string, cause: unknown, path?: string): Error {
  const isMissing = cause instanceof Deno.errors.NotFound && path !== undefined;
  const tried = isMissing && !isAbsolute(path) ? `: tried "${resolve(path)}"` : "";
  const message = `${action}: ${errorReason(cause)}${tried}`;
  const Kind = KINDS.find((kind) => cause instanceof kind);
  return Kind === undefined ? new Error(message, { cause }) : new Kind(message, { cause });
}
