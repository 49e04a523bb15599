/**
 * The .npz file format: a zip archive of .npy files, as numpy.savez writes it.
 *
 * An array is decompressed only when it is read, and only if its compressed bytes can decompress to the
 * length that the archive's central directory states.
 *
 * @module
 */
import { type Content, readContent } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { type Npy, readNpy, readNpyHeader } from "./npy.ts";
import { describeContent } from "./sniff.ts";
import {
  decompressEntry,
  decompressEntryStart,
  isZip,
  listZipEntries,
  type ZipEntry,
} from "./zip.ts";

/** The arrays of a .npz file. */
export interface Npz {
  /** Names of the arrays, without the ending .npy, in the order of the archive. */
  readonly names: readonly string[];
  /**
   * Returns the element type and the shape of an array. Decompresses only the beginning of the array.
   *
   * @throws {RangeError} if the file has no array with this name
   * @throws {SyntaxError} if the array is damaged or not a .npy file
   * @throws {TypeError} if the elements are not numbers
   */
  header(name: string): Pick<Npy, "type" | "shape">;
  /**
   * Decompresses and decodes an array.
   *
   * @throws {RangeError} if the file has no array with this name
   * @throws {SyntaxError} if the array is damaged or not a .npy file, or its length is impossible
   * @throws {TypeError} if the elements are not numbers
   */
  read(name: string): Npy;
}

/** Largest accepted number of files in an archive, which limits the time to process a malicious one. */
const MOST_FILES = 4096;

/** Largest number of array names that a message lists. */
const MOST_NAMES = 12;

/**
 * Reads a .npz file into shared memory as raw bytes, with their SHA-256; {@linkcode openNpz} reads the
 * arrays.
 */
export function readNpzBytes(file: StoredFile): Promise<Content> {
  return readContent(file, 0, () => file.length);
}

/**
 * Opens a .npz file in memory. Arrays are decompressed when they are read.
 *
 * @param bytes content of the whole file
 * @param origin path or name of the file in error messages
 * @throws {SyntaxError} if the file is not a zip archive as numpy.savez writes it
 */
export function openNpz(bytes: Uint8Array, origin: string): Npz {
  const createError = (received: string) =>
    new SyntaxError(
      `Cannot read "${origin}": expected a zip archive, as numpy.savez writes: received ${received}`,
    );
  if (!isZip(bytes)) throw createError(describeContent(bytes));
  const entries = new Map<string, ZipEntry>();
  for (const entry of listZipEntries(bytes, { maxFiles: MOST_FILES, createError })) {
    const name = entry.name.replace(/\.npy$/, "");
    if (entries.has(name)) throw createError(`one with two arrays ${JSON.stringify(name)}`);
    entries.set(name, entry);
  }
  const names = [...entries.keys()];
  const entryOf = (name: string) => {
    const found = entries.get(name);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot read "${origin}": expected one of its arrays ${
        quoteNames(names)
      }: received "${name}"`,
    );
  };
  return {
    names,
    header: (name) => readNpyHeader(decompressEntryStart(entryOf(name)), `${origin}: ${name}`),
    read(name) {
      const source = `${origin}: ${name}`;
      const content = decompressEntry(
        entryOf(name),
        (text) => new SyntaxError(`Cannot read "${source}": ${text}`),
      );
      return readNpy(content, source);
    },
  };
}

/** Returns the first names in quotes, separated by commas, and the number of the others. */
function quoteNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `"${name}"`).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
