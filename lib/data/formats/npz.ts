/**
 * The .npz file format: a zip archive of .npy files, as numpy.savez writes it.
 *
 * No array is unpacked but one that is read, nor before its length, which the archive's directory
 * tells, is seen to be one that so many packed bytes can give.
 *
 * @module
 */
import { type Content, contentOf } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { type Npy, readNpy, readNpyHeader } from "./npy.ts";
import { describeContent } from "./sniff.ts";
import { isZip, readZip, startOfEntry, unpackEntry, type ZipEntry } from "./zip.ts";

/** The arrays of a .npz file. */
export interface Npz {
  /** Their names, in the order of the archive. */
  readonly names: readonly string[];
  /**
   * Type and shape of an array, of which only the header is unpacked.
   *
   * @throws {RangeError} if there is none of the name
   * @throws {SyntaxError | TypeError} as {@link readNpy}
   */
  header(name: string): Pick<Npy, "type" | "shape">;
  /**
   * One of them.
   *
   * @throws {RangeError} if there is none of the name
   * @throws {SyntaxError | TypeError} if it is damaged or longer than can be, or as {@link readNpy}
   */
  read(name: string): Npy;
}

/** Most files in an archive, so that a wrong directory ends soon. */
const MOST_FILES = 4096;

/** Names of arrays that a message lists, at most. */
const MOST_NAMES = 12;

/** The content of a .npz file, which is not packed again. */
export function readNpzBytes(file: StoredFile): Promise<Content> {
  return contentOf(file, 0, () => file.length);
}

/**
 * Opens a .npz file.
 *
 * @param bytes the whole file
 * @param origin where it is from, for messages
 * @throws {SyntaxError} if it is no zip archive, or one that numpy.savez does not write
 */
export function openNpz(bytes: Uint8Array, origin: string): Npz {
  const wrong = (received: string) =>
    new SyntaxError(
      `Cannot read "${origin}": expected a zip archive, as numpy.savez writes: received ${received}`,
    );
  if (!isZip(bytes)) throw wrong(describeContent(bytes));
  const entries = new Map<string, ZipEntry>();
  for (const entry of readZip(bytes, { most: MOST_FILES, wrong })) {
    const name = entry.name.replace(/\.npy$/, "");
    if (entries.has(name)) throw wrong(`one with two arrays ${JSON.stringify(name)}`);
    entries.set(name, entry);
  }
  const names = [...entries.keys()];
  const entryOf = (name: string) => {
    const found = entries.get(name);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot read "${origin}": expected one of its arrays ${listed(names)}: received "${name}"`,
    );
  };
  return {
    names,
    header: (name) => readNpyHeader(startOfEntry(entryOf(name)), `${origin}: ${name}`),
    read(name) {
      const what = `${origin}: ${name}`;
      const content = unpackEntry(
        entryOf(name),
        (text) => new SyntaxError(`Cannot read "${what}": ${text}`),
      );
      return readNpy(content, what);
    },
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `"${name}"`).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
