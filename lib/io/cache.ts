/**
 * A folder of files named by the SHA-256 of their content.
 *
 * Data sets share file names, so names cannot tell files apart; content can. A reader checks what
 * it reads: a file that was damaged on disk counts as missing and is written anew. Small files beside these
 * are named by the hash of what some content was made of, and hold the hash of that content.
 *
 * @module
 */
import { join } from "@std/path";
import { type Content, contentOf } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import {
  factsOf,
  readFileIfAny,
  removeLeftovers,
  storedFileIfAny,
  writeFileAtomic,
} from "./files.ts";

/** What another process may still be writing is younger than this: an hour, in milliseconds. */
const LEFTOVER_AGE = 3_600_000;

export function cachePath(folder: string, hash: string): string {
  return join(folder, hash);
}

/** The content of a file, or undefined if the cache does not hold it unharmed. */
export async function readCached(folder: string, file: KnownFile): Promise<Uint8Array | undefined> {
  const stored = await storedFileIfAny(cachePath(folder, file.sha256), "cached file");
  if (stored?.length !== file.bytes) return undefined;
  const { bytes, sha256 } = await contentOf(stored, 0, () => file.bytes);
  return sha256 === file.sha256 ? bytes : undefined;
}

/** The content of a file of any length, or undefined if the cache does not hold it unharmed. */
export async function readCachedContent(
  folder: string,
  hash: string,
): Promise<Content | undefined> {
  const stored = await storedFileIfAny(cachePath(folder, hash), "cached file");
  if (stored === undefined) return undefined;
  const content = await contentOf(stored, 0, () => stored.length);
  return content.sha256 === hash ? content : undefined;
}

/**
 * Whether the cache has a file for the given SHA-256 of the given length. Cheap: the content is
 * checked when it is read.
 */
export async function isCached(folder: string, hash: string, bytes: number): Promise<boolean> {
  return (await factsOf(cachePath(folder, hash)))?.size === bytes;
}

export async function writeCached(folder: string, hash: string, bytes: Uint8Array): Promise<void> {
  await removeLeftovers(folder, LEFTOVER_AGE);
  await writeFileAtomic(cachePath(folder, hash), bytes);
}

/**
 * Returns content that was made of other content; undefined if the cache does not hold it.
 *
 * @param origin SHA-256 of what it was made of, and how
 */
export async function readDerived(folder: string, origin: string): Promise<Content | undefined> {
  const stored = await readFileIfAny(cachePath(folder, origin), "cached file");
  const hash = stored && new TextDecoder().decode(stored.subarray(0, 64));
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash)
    ? await readCachedContent(folder, hash)
    : undefined;
}

/** Writes under the hash of what some content was made of the hash of that content. */
export async function writeDerived(folder: string, origin: string, hash: string): Promise<void> {
  await writeFileAtomic(cachePath(folder, origin), hash);
}

/** Writes to the cache, which saves the next start time; whoever may not write it can go without. */
export async function writeIfAllowed(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}
