/**
 * A folder of files named by the SHA-256 of their content.
 *
 * Data sets share file names, so names cannot tell files apart; content can. A reader checks what
 * it reads: a file that was damaged on disk counts as missing and is written anew.
 *
 * @module
 */
import { join } from "@std/path";
import { contentOf } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import { factsOf, removeLeftovers, storedFileIfAny, writeFileAtomic } from "./files.ts";

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
