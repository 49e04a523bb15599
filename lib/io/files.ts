/**
 * Reading of files with clear errors, and atomic writing of files.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, resolve } from "@std/path";
import { concatenateBytes, LARGEST_FILE } from "../data/formats/content.ts";
import type { StoredFile } from "../data/formats/gzip.ts";
import { type FileFacts, fileSystem } from "./file_system.ts";
import { expectAdmitted, expectReadable } from "./reads.ts";
import { errorReason } from "./reason.ts";

/**
 * Suffix of temporary files, into which content is written before they get their final name. Their names
 * also begin with a dot.
 */
const TEMPORARY = ".tmp";

/**
 * Reads a file.
 *
 * @param role role of the file in error messages, for example `config` or `training labels`
 * @param maxLength largest accepted length in bytes
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if permission is missing
 * @throws {Error} if the file cannot be read for another reason, for example because it is a folder
 */
export async function readFile(
  path: string,
  role: string,
  maxLength = LARGEST_FILE,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    expectReadable(path, await fileSystem().stat(path), maxLength);
    return await fileSystem().readFile(path);
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/** Largest number of bytes that are read from a file at a time. */
const PIECE = 2 ** 16;

/**
 * Checks that a file can be read, and returns an object that reads its content in pieces. The file is not
 * kept open. `role` and errors are those of {@link readFile}.
 */
export async function openStoredFile(path: string, role: string): Promise<StoredFile> {
  try {
    const facts = await fileSystem().stat(path);
    expectReadable(path, facts, LARGEST_FILE);
    const pieces = { [Symbol.asyncIterator]: () => readPieces(path, role, facts.size) };
    const range = (from: number, to: number) => readRange(path, role, from, to);
    return { origin: path, length: facts.size, pieces, range };
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/**
 * Reads all bytes of the standard input.
 *
 * @throws {RangeError} if there are more bytes than a file may have
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
  return concatenateBytes(pieces);
}

/** Returns the result of {@link openStoredFile}, or undefined if the file does not exist. */
export function openStoredFileIfAny(path: string, role: string): Promise<StoredFile | undefined> {
  return awaitIfFound(openStoredFile(path, role), undefined);
}

/**
 * Yields the first `size` bytes of a file in pieces, or fewer if the file is shorter. The limit is needed
 * since a file may grow while it is read.
 */
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
 * Reads the bytes of a file from offset `from` to below `to`. Returns fewer bytes if the file ends before.
 */
async function readRange(
  path: string,
  role: string,
  from: number,
  to: number,
): Promise<Uint8Array> {
  try {
    using file = await fileSystem().open(path, { read: true });
    await file.seek(from, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.max(0, to - from));
    let filled = 0;
    while (filled < bytes.length) {
      const length = await file.read(bytes.subarray(filled));
      if (length === null) break;
      filled += length;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    throw explainError(`Cannot read ${role} "${path}"`, error, path);
  }
}

/**
 * Reads a text file synchronously, as the parser of configs requires. Throws the errors of {@link
 * readFile}.
 *
 * @param maxLength largest accepted length in bytes
 * @throws {SyntaxError} if the text is not UTF-8
 */
export function readTextFileSync(path: string, role: string, maxLength: number): string {
  let bytes: Uint8Array;
  try {
    expectReadable(path, fileSystem().statSync(path), maxLength);
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

/**
 * Returns whether a path leads to a folder, also through links. A folder that cannot be accessed counts as
 * missing.
 */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem().stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/**
 * Returns the sorted names of the entries of a folder, synchronously. Returns an empty list if the folder
 * cannot be read. An empty path stands for the working folder.
 */
export function listNamesSync(folder: string): readonly string[] {
  try {
    expectAdmitted(folder || ".");
    return Array.from(fileSystem().readDirSync(folder || "."), ({ name }) => name).sort();
  } catch {
    return [];
  }
}

/** Reads a file, or returns undefined if it does not exist. Throws the other errors of {@link readFile}. */
export function readFileIfAny(
  path: string,
  role: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return awaitIfFound(readFile(path, role), undefined);
}

/** Returns the entries of a folder, unsorted. Returns an empty list if the folder does not exist. */
export async function readFolderEntries(folder: string): Promise<readonly Deno.DirEntry[]> {
  expectAdmitted(folder);
  try {
    return await awaitIfFound(Array.fromAsync(fileSystem().readDir(folder)), []);
  } catch (error) {
    throw explainError(`Cannot read folder "${folder}"`, error);
  }
}

/**
 * Returns the properties of a file, folder or link without following the link. Returns undefined if the
 * path does not exist.
 */
export async function readFileFacts(path: string): Promise<FileFacts | undefined> {
  try {
    return await awaitIfFound(fileSystem().lstat(path), undefined);
  } catch (error) {
    throw explainError(`Cannot read "${path}"`, error);
  }
}

/**
 * Awaits an access to the file system. Returns its result, or `missing` if the file or folder does not
 * exist.
 */
export async function awaitIfFound<Found, Missing>(
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
 * Writes a file atomically. Readers find either the old content or the whole new content, even after a
 * crash.
 *
 * The content is written to a temporary file in the same folder and synced to disk. The temporary file is
 * then renamed, which is atomic, and the folder is synced, so that the rename survives a power cut. If one
 * of these fails, the temporary file is removed.
 *
 * @param root existing folder. The file is written into this folder or into one directly inside it, which
 *     is created if it is missing; a missing `root` is an error. By default, all missing folders are
 *     created
 * @throws {Deno.errors.NotFound} if `root` does not exist
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if permission is missing
 * @throws {Error} if the file cannot be written for another reason, for example because the disk is full
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
    await createFolderIn(folder, root);
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
 * Checks that a folder of results is not a symbolic link and contains none, at any depth. A link that
 * somebody else created there would redirect writing and removing to other folders. A missing folder is
 * valid, and parent folders may be links.
 *
 * @throws {Error} if there is a symbolic link
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

/** Returns the error for a symbolic link in a folder of results. */
function linkError(path: string): Error {
  return new Error(
    `Cannot write to "${path}": expected no symbolic links below the folder of results: received ` +
      "one: remove it",
  );
}

/** Creates a folder and its missing parent folders. Does nothing if the folder exists. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await fileSystem().mkdir(path, { recursive: true });
  } catch (error) {
    throw explainError(`Cannot make folder "${path}"`, error);
  }
}

/**
 * Creates a new folder inside `parent`, which is created if it is missing, and returns the path of the new
 * folder. Its name is `prefix` and random characters.
 */
export async function makeTemporaryFolder(parent: string, prefix: string): Promise<string> {
  await makeFolder(parent);
  try {
    return await fileSystem().makeTempDir({ dir: parent, prefix });
  } catch (error) {
    throw explainError(`Cannot make folder in "${parent}"`, error);
  }
}

/** Removes a folder and everything in it, if it exists. Links are removed and not followed. */
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
 * Removes the temporary files that killed processes left in a folder, see {@linkcode writeFileAtomic}.
 * Subfolders are not searched. Does nothing if the folder does not exist.
 *
 * @param minAge age from which files are removed (ms). It may be 0 only if no other process can write to
 *     the folder
 */
export async function removeTemporaryFiles(folder: string, minAge: number): Promise<void> {
  try {
    for await (const { name, isFile } of fileSystem().readDir(folder)) {
      if (!isFile || !name.startsWith(".") || !name.endsWith(TEMPORARY)) continue;
      const path = join(folder, name);
      const { mtime } = await fileSystem().stat(path);
      if (mtime !== null && Date.now() - mtime.getTime() >= minAge) await fileSystem().remove(path);
    }
  } catch (error) {
    // NotFound: the folder is missing, or another process removed the same file first
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainError(`Cannot remove temporary files from "${folder}"`, error);
    }
  }
}

/**
 * Creates a folder if it is missing: directly inside the existing folder `root`, or with all missing parent
 * folders if `root` is undefined. Does nothing if the folder is `root` itself.
 */
async function createFolderIn(folder: string, root: string | undefined): Promise<void> {
  if (folder === root) return;
  try {
    await fileSystem().mkdir(folder, { recursive: root === undefined });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Creates a file with the given bytes and syncs it to disk. Throws if the file exists. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await fileSystem().open(path, { write: true, createNew: true });
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.sync();
}

/**
 * Syncs the list of entries of a folder to disk. Windows has no system call for this, and does not need it
 * after a rename.
 */
async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await fileSystem().open(folder, { read: true });
  await handle.sync();
}

/** Classes of errors that other modules distinguish. {@linkcode explainError} keeps these classes. */
const KEPT_CLASSES = [
  Deno.errors.NotFound,
  Deno.errors.PermissionDenied,
  Deno.errors.NotCapable,
] as const;

/**
 * Returns an error whose message is the failed action and the reason in plain words: `Cannot read config
 * "a.json": there is no such file or folder`. The error has the class of its cause if that is NotFound,
 * PermissionDenied or NotCapable, and is an Error otherwise.
 *
 * @param action beginning of the message, for example `Cannot read config "a.json"`
 * @param cause error of the failed access to the file system
 *
 * @param path path of the file. If it is relative and does not exist, the message also has the absolute
 *     path
 */
export function explainError(action: string, cause: unknown, path?: string): Error {
  const isMissing = cause instanceof Deno.errors.NotFound && path !== undefined;
  const tried = isMissing && !isAbsolute(path) ? `: tried "${resolve(path)}"` : "";
  const message = `${action}: ${errorReason(cause)}${tried}`;
  const Kind = KEPT_CLASSES.find((kept) => cause instanceof kept);
  return Kind === undefined ? new Error(message, { cause }) : new Kind(message, { cause });
}
