/**
 * The cache: a folder of downloaded and converted files, each named by the SHA-256 of its content.
 *
 * Files are named by their content, since several data sets have files of the same name. Reading verifies
 * the content; a damaged file counts as missing and is written again. For converted content, such as images
 * decoded from pictures, a small file maps the hash of the original to the hash of the result.
 *
 * @module
 */
import { join } from "@std/path";
import { type Content, readContent } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import {
  openStoredFileIfAny,
  readFileFacts,
  readFileIfAny,
  removeTemporaryFiles,
  writeFileAtomic,
} from "./files.ts";

/**
 * Age from which a temporary file in the cache counts as abandoned and is removed (ms). No download takes
 * an hour.
 */
const ABANDONED_AGE = 3_600_000;

/** Returns the path of a file in a cache folder. `hash` is the SHA-256 of its content. */
export function cachePath(folder: string, hash: string): string {
  return join(folder, hash);
}

/**
 * Reads a file of known length and SHA-256 from a cache folder. Returns undefined if it is missing or
 * damaged.
 */
export async function readCached(folder: string, file: KnownFile): Promise<Uint8Array | undefined> {
  const stored = await openStoredFileIfAny(cachePath(folder, file.sha256), "cached file");
  if (stored?.length !== file.bytes) return undefined;
  const { bytes, sha256 } = await readContent(stored, 0, () => file.bytes);
  return sha256 === file.sha256 ? bytes : undefined;
}

/**
 * Reads the file whose content has the SHA-256 `hash` from a cache folder. Returns undefined if it is
 * missing or damaged.
 */
export async function readCachedContent(
  folder: string,
  hash: string,
): Promise<Content | undefined> {
  const stored = await openStoredFileIfAny(cachePath(folder, hash), "cached file");
  if (stored === undefined) return undefined;
  const content = await readContent(stored, 0, () => stored.length);
  return content.sha256 === hash ? content : undefined;
}

/**
 * Returns whether a cache folder has a file named by the SHA-256 `hash`, with a length in bytes. Does not
 * verify the content.
 */
export async function isCached(folder: string, hash: string, length: number): Promise<boolean> {
  return (await readFileFacts(cachePath(folder, hash)))?.size === length;
}

/**
 * Writes a file into a cache folder under the SHA-256 of its content, and removes abandoned temporary
 * files.
 */
export async function writeCached(folder: string, hash: string, bytes: Uint8Array): Promise<void> {
  await removeTemporaryFiles(folder, ABANDONED_AGE);
  await writeFileAtomic(cachePath(folder, hash), bytes);
}

/**
 * Reads content that was converted from an original, such as images from pictures. Returns undefined if the
 * cache folder lacks it, or has it damaged.
 *
 * @param origin SHA-256 that identifies the original and the conversion
 */
export async function readDerived(folder: string, origin: string): Promise<Content | undefined> {
  const stored = await readFileIfAny(cachePath(folder, origin), "cached file");
  const hash = stored && new TextDecoder().decode(stored.subarray(0, 64));
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash)
    ? await readCachedContent(folder, hash)
    : undefined;
}

/**
 * Records in a cache folder that the content with the SHA-256 `hash` is the result of a conversion.
 * `origin` is the SHA-256 that identifies the original and the conversion.
 */
export async function writeDerived(folder: string, origin: string, hash: string): Promise<void> {
  await writeFileAtomic(cachePath(folder, origin), hash);
}

/**
 * Calls a function that writes to the cache. Errors of missing permission are ignored, since the cache only
 * saves time.
 */
export async function writeIfAllowed(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}
