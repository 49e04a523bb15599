/**
 * The .npz file format: a zip archive of .npy files, as numpy.savez writes it.
 *
 * The archive is read by the package `fflate`. No array is unpacked before its length, which the
 * archive's directory tells, is seen to be one that so many packed bytes can give.
 *
 * @module
 */
import { type UnzipFileInfo, unzipSync } from "fflate";
import { type Content, contentOf, LARGEST_FILE } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { type Npy, readNpy } from "./npy.ts";
import { describeContent } from "./sniff.ts";

/** The arrays of a .npz file. */
export interface Npz {
  /** Their names, in the order of the archive. */
  readonly names: readonly string[];
  /**
   * One of them.
   *
   * @throws {RangeError} if there is none of the name, or it is longer than can be
   * @throws {SyntaxError | TypeError} if it is damaged, or as {@link readNpy}
   */
  read(name: string): Npy;
}

/** Most files in an archive, so that a wrong directory ends soon. */
const MOST_FILES = 4096;

/** DEFLATE grows at most so many fold. */
const MOST_GROWTH = 1032;

/** The content of a .npz file, which is not packed again. */
export function npzContent(file: StoredFile): Promise<Content> {
  return contentOf(file, 0, () => file.length);
}

/**
 * Opens a .npz file.
 *
 * @param bytes the whole file
 * @param origin where it is from, for messages
 * @throws {SyntaxError} if it is no zip archive
 */
export function openNpz(bytes: Uint8Array, origin: string): Npz {
  const names: string[] = [];
  if (!isZip(bytes)) throw noArchive(origin, describeContent(bytes));
  unzip(bytes, origin, ({ name }) => {
    if (names.length === MOST_FILES) {
      throw new RangeError(
        `Cannot read "${origin}": expected at most ${MOST_FILES} arrays: received more`,
      );
    }
    names.push(name.replace(/\.npy$/, ""));
    return false;
  });
  return {
    names,
    read(name) {
      const what = `${origin}: ${name}`;
      let length = 0;
      const files = unzip(bytes, origin, (file) => {
        if (file.name !== `${name}.npy` && file.name !== name) return false;
        expectPossible(file, bytes.length, what);
        length = file.originalSize;
        return true;
      });
      const [content] = Object.values(files);
      if (content === undefined) {
        const known = names.map((name) => `"${name}"`).join(", ");
        throw new RangeError(
          `Cannot read "${origin}": expected one of its arrays ${known}: received "${name}"`,
        );
      }
      if (content.length !== length) {
        throw new SyntaxError(
          `Cannot read "${what}": expected ${length} bytes, as the archive's directory says: ` +
            `received ${content.length}`,
        );
      }
      return readNpy(content, what);
    },
  };
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The files of an archive that a filter lets through; what the filter throws is thrown. */
function unzip(
  bytes: Uint8Array,
  origin: string,
  filter: (file: UnzipFileInfo) => boolean,
): Readonly<Record<string, Uint8Array>> {
  let thrown: unknown;
  try {
    return unzipSync(bytes, {
      filter(file) {
        try {
          return filter(file);
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    });
  } catch (cause) {
    if (thrown !== undefined) throw thrown;
    throw noArchive(
      origin,
      cause instanceof Error ? `a damaged one (${cause.message})` : "",
      cause,
    );
  }
}

/** Before anything is unpacked: what a directory says of a file is not taken on trust. */
function expectPossible(
  { size, originalSize, compression }: UnzipFileInfo,
  length: number,
  what: string,
): void {
  const packed = Math.min(size, length);
  const most = Math.min(compression === 0 ? packed : MOST_GROWTH * packed, LARGEST_FILE);
  if (originalSize <= most) return;
  throw new RangeError(
    `Cannot read "${what}": expected at most ${most} bytes of ${packed} packed: ` +
      `the archive's directory says ${originalSize}`,
  );
}

function noArchive(origin: string, received: string, cause?: unknown): SyntaxError {
  return new SyntaxError(
    `Cannot read "${origin}": expected a zip archive, as numpy.savez writes: received ${received}`,
    { cause },
  );
}
