/**
 * The cache: a folder of downloaded files, each named by the SHA-256 of its content.
 *
 * Several data sets have files of the same name, so files are named by their content. Each read verifies
 * the content; a damaged file counts as missing and is written again. For converted content, a small file
 * maps the hash of the original to the hash of the result.
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
  removeLeftovers,
  writeFileAtomic,
} from "./files.ts";

/** Age from which a temporary file is abandoned (ms). No download takes an hour. */
const LEFTOVER_AGE = 3_600_000;

/** Returns the path of a file in the cache. */
export function cachePath(folder: string, hash: string): string {
  return join(folder, hash);
}

/** Reads a file from the cache. Returns undefined if it is missing or damaged. */
export async function readCached(folder: string, file: KnownFile): Promise<Uint8Array | undefined> {
  const stored = await openStoredFileIfAny(cachePath(folder, file.sha256), "cached file");
  if (stored?.length !== file.bytes) return undefined;
  const { bytes, sha256 } = await readContent(stored, 0, () => file.bytes);
  return sha256 === file.sha256 ? bytes : undefined;
}

/** Returns the content of a cached file of any length; undefined if it is missing or damaged. */
export async function readCachedContent(
  folder: string,
  hash: string,
): Promise<Content | undefined> {
  const stored = await openStoredFileIfAny(cachePath(folder, hash), "cached file");
  if (stored === undefined) return undefined;
  const content = await readContent(stored, 0, () => stored.length);
  return content.sha256 === hash ? content : undefined;
}

/** Returns whether the cache has a file of a SHA-256 and a length. The content is not verified here. */
export async function isCached(folder: string, hash: string, bytes: number): Promise<boolean> {
  return (await readFileFacts(cachePath(folder, hash)))?.size === bytes;
}

/** Writes a file into the cache, and removes abandoned temporary files. */
export async function writeCached(folder: string, hash: string, bytes: Uint8Array): Promise<void> {
  await removeLeftovers(folder, LEFTOVER_AGE);
  await writeFileAtomic(cachePath(folder, hash), bytes);
}

/**
 * Returns converted content, or undefined if the cache does not have it.
 *
 * @param origin SHA-256 of the original and of the kind of conversion
 */
export async function readDerived(folder: string, origin: string): Promise<Content | undefined> {
  const stored = await readFileIfAny(cachePath(folder, origin), "cached file");
  const hash = stored && new TextDecoder().decode(stored.subarray(0, 64));
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash)
    ? await readCachedContent(folder, hash)
    : undefined;
}

/** Stores the hash of converted content under the hash of its origin. */
export async function writeDerived(folder: string, origin: string, hash: string): Promise<void> {
  await writeFileAtomic(cachePath(folder, origin), hash);
}

/** Runs a write to the cache. A missing permission is ignored, since the cache only saves time. */
export async function writeIfAllowed(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}
