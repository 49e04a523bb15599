/**
 * Variants of MNIST that are read from four IDX files in a folder.
 *
 * The program cannot download them, since they are published inside archives or without hashes.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../../config/defined.ts";
import { unpackIdx } from "../formats/idx.ts";
import { awaitAll } from "../await_all.ts";
import { type ArrayChanges, assembleIdx } from "./assemble.ts";
import { digest, HASHES_DOC } from "./given.ts";
import { toLoadedFile } from "./loaded.ts";
import { assignRolesInOrder } from "./published.ts";
import type { GivenSource } from "./source.ts";

/** Options of a data set that is read from files in a folder. */
export interface FolderOptions {
  /** Path of the folder on disk. Defaults to the name of the data set. */
  readonly directory?: string | undefined;
  /**
   * SHA-256 of the decompressed files, by file name without ".gz". Files with other content are rejected.
   */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
}

/** Schema of {@linkcode FolderOptions}. */
export const folderOptions = z.strictObject({
  directory: z.string().min(1).optional()
    .describe(
      "folder with the files, each with .gz or without; by default one with the name of the data set",
    ),
  sha256: z.object({}).catchall(digest).optional().describe(HASHES_DOC),
});

/** A data set in a folder: its name, classes and files, and conversions of their arrays. */
interface FolderFiles extends ArrayChanges, FolderOptions {
  readonly name: string;
  readonly classes: readonly string[];
  /** Names of the four files: training images, training labels, test images, test labels. */
  readonly files: readonly [string, string, string, string];
}

/**
 * Returns a data source that reads a data set from four IDX files in a folder, each with ".gz" or without.
 *
 * @throws {RangeError} if `sha256` has a hash for another file
 */
export function folderSource(
  { name, directory = name, files, sha256 = {}, ...content }: FolderFiles,
): GivenSource {
  const wrong = Object.keys(sha256).find((file) => !files.includes(file));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot load "${name}": expected the sha256 of ${files.join(", ")}: received "${wrong}"`,
    );
  }
  return {
    kind: "given",
    name,
    files: files.map((file) => ({
      name: file,
      path: `${directory}/${file}`,
      orPacked: true,
      ...defined({ sha256: sha256[file] }),
    })),
    async load(stored) {
      const loaded = await awaitAll(
        stored.map(async (file, i) => toLoadedFile(await unpackIdx(file), file, files[i])),
      );
      return assembleIdx({ name, ...content, ...assignRolesInOrder(loaded) });
    },
  };
}
