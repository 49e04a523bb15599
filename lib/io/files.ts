/**
 * Reading files with clear errors, and writing them whole or not at all.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, resolve } from "@std/path";
import { joined, LARGEST_FILE } from "../data/formats/content.ts";
import type { StoredFile } from "../data/formats/gzip.ts";
import { type FileFacts, fileSystem } from "./file_system.ts";
import { expectAdmitted, expectReadable } from "./reads.ts";
import { reason } from "./reason.ts";

/** Ends the names of files that are being written; what it follows begins with a dot. */
const TEMPORARY = ".tmp";

/**
 * The bytes of a file.
 *
 * @param path where it is
 * @param what what was wanted of it, for messages: `config`, `training labels`
 * @param most bytes that it may have
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if it may not be read
 * @throws {Error} if it cannot be read for another reason, such as being a directory
 */
export async function readFile(
  path: string,
  what: string,
  most = LARGEST_FILE,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    expectReadable(path, await fileSystem().stat(path), most);
    return await fileSystem().readFile(path);
  } catch (error) {
    throw explained(`Cannot read ${what} "${path}"`, error, path);
  }
}

/** Bytes that are read from a file at a time. */
const PIECE = 2 ** 16;

export async function storedFile(path: string, what: string): Promise<StoredFile> {
  try {
    const facts = await fileSystem().stat(path);
    expectReadable(path, facts, LARGEST_FILE);
    const pieces = { [Symbol.asyncIterator]: () => piecesOf(path, what, facts.size) };
    return { origin: path, length: facts.size, pieces };
  } catch (error) {
    throw explained(`Cannot read ${what} "${path}"`, error, path);
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
  return joined(pieces);
}

export function storedFileIfAny(path: string, what: string): Promise<StoredFile | undefined> {
  return ifFound(storedFile(path, what), undefined);
}

/** Reads so many bytes: a file that goes on growing, or has no end, has no more. */
async function* piecesOf(path: string, what: string, size: number): AsyncGenerator<Uint8Array> {
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
    throw explained(`Cannot read ${what} "${path}"`, error, path);
  }
}

/**
 * The text of a file, at once: for configs, which name the files that they extend.
 *
 * @param most bytes that it may have
 */
export function readTextFileSync(path: string, what: string, most: number): string {
  let bytes: Uint8Array;
  try {
    expectReadable(path, fileSystem().statSync(path), most);
    bytes = fileSystem().readFileSync(path);
  } catch (error) {
    throw explained(`Cannot read ${what} "${path}"`, error, path);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${what} "${path}": it is no text in UTF-8`, { cause });
  }
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem().stat(path)).isDirectory;
  } catch {
    return false;
  }
}

/** Returns the sorted names of what is in a folder; none if it cannot be read. */
export function namesInSync(folder: string): readonly string[] {
  try {
    expectAdmitted(folder || ".");
    return Array.from(fileSystem().readDirSync(folder || "."), ({ name }) => name).sort();
  } catch {
    return [];
  }
}

/** The bytes of a file, or undefined if there is none; else as {@link readFile}. */
export function readFileIfAny(
  path: string,
  what: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return ifFound(readFile(path, what), undefined);
}

/** The entries of a folder, in no order; none if there is no such folder. */
export async function entriesOf(folder: string): Promise<readonly Deno.DirEntry[]> {
  expectAdmitted(folder);
  try {
    return await ifFound(Array.fromAsync(fileSystem().readDir(folder)), []);
  } catch (error) {
    throw explained(`Cannot read folder "${folder}"`, error);
  }
}

/** What is known of a file, a folder, or a link itself; undefined if there is none at a path. */
export async function factsOf(path: string): Promise<FileFacts | undefined> {
  try {
    return await ifFound(fileSystem().lstat(path), undefined);
  } catch (error) {
    throw explained(`Cannot read "${path}"`, error);
  }
}

/** The result of an access to a file or folder, or `missing` if there is no such file or folder. */
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
 * Writes a file whole or not at all: whoever looks at the path, even after a crash, finds the old
 * content or the new, never a part.
 *
 * The content goes to a temporary file in the same folder, is forced to disk, and takes the path's
 * place by a rename, which is atomic; then the folder is forced to disk, so that the rename
 * survives a power cut. The folder is made if it is missing. If anything fails, the temporary file
 * is removed.
 *
 * @param root a folder that must be there, in which the file's folder is made; any folder is made if not
 *   given
 * @throws {Deno.errors.PermissionDenied | Deno.errors.NotCapable} if it may not be written
 * @throws {Error} if it cannot be written for another reason, such as a full disk
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
    await makeIn(folder, root);
    try {
      await writeThrough(temporary, bytes);
      await fileSystem().rename(temporary, path);
    } catch (error) {
      await fileSystem().remove(temporary).catch(() => {}); // the first error is the one to tell
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    throw explained(`Cannot write "${path}"`, error);
  }
}

/**
 * Checks that a folder of results, if it is there, is a real one, and holds no links: whoever placed one
 * there would have files written or removed elsewhere. The folder that it lies in may be a link.
 *
 * @throws {Error} if it is a link, or one is in it or in a folder of it
 */
export async function refuseLinks(folder: string): Promise<void> {
  const facts = await factsOf(folder);
  if (facts?.isSymlink === true) throw linkError(folder);
  if (facts?.isDirectory !== true) return;
  for (const { name, isDirectory, isSymlink } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (isSymlink) throw linkError(path);
    if (isDirectory) await refuseLinks(path);
  }
}

function linkError(path: string): Error {
  return new Error(
    `Cannot write to "${path}": expected no symbolic links below the folder of results: received ` +
      "one: remove it",
  );
}

/** Makes a folder, and those that it lies in; one that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await fileSystem().mkdir(path, { recursive: true });
  } catch (error) {
    throw explained(`Cannot make folder "${path}"`, error);
  }
}

/** Makes a new folder in another, with a name that begins as is said; returns its path. */
export async function makeTemporaryFolder(parent: string, prefix: string): Promise<string> {
  await makeFolder(parent);
  try {
    return await fileSystem().makeTempDir({ dir: parent, prefix });
  } catch (error) {
    throw explained(`Cannot make folder in "${parent}"`, error);
  }
}

/** Removes a folder with all that is in it; a link goes, and what it leads to stays. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await fileSystem().remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explained(`Cannot remove "${path}"`, error);
  }
}

export async function removeFile(path: string): Promise<void> {
  try {
    await fileSystem().remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explained(`Cannot remove "${path}"`, error);
  }
}

/**
 * Removes what writers that were killed left in a folder: temporary files older than an age. A
 * missing folder has none.
 *
 * @param folder where to look; its subfolders are left alone
 * @param age in milliseconds; 0 only if nobody else may be writing there now
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
    // another process may remove the same file first
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explained(`Cannot remove temporary files from "${folder}"`, error);
    }
  }
}

/** Makes a folder; if a root is given, in that one and not without it. */
async function makeIn(folder: string, root: string | undefined): Promise<void> {
  if (folder === root) return;
  try {
    await fileSystem().mkdir(folder, { recursive: root === undefined });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Writes a new file and waits until it is on disk. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  using file = await fileSystem().open(path, { write: true, createNew: true });
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.sync();
}

/** Waits until a folder's entries are on disk; Windows cannot, and does not need it for a rename. */
async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await fileSystem().open(folder, { read: true });
  await handle.sync();
}

/** The kinds of errors that callers tell apart; they keep their class. */
const KINDS = [Deno.errors.NotFound, Deno.errors.PermissionDenied, Deno.errors.NotCapable] as const;

/**
 * An error of the same kind that says what was being done, and why it failed in plain words.
 *
 * @param path of the file; a relative one that does not exist is named in full, too
 */
export function explained(what: string, cause: unknown, path?: string): Error {
  const isMissing = cause instanceof Deno.errors.NotFound && path !== undefined;
  const tried = isMissing && !isAbsolute(path) ? `: tried "${resolve(path)}"` : "";
  const message = `${what}: ${reason(cause)}${tried}`;
  const Kind = KINDS.find((kind) => cause instanceof kind);
  return Kind === undefined ? new Error(message, { cause }) : new Kind(message, { cause });
}
