/**
 * Relatives of MNIST that lie in a folder of the user's: four IDX files, with other names and content.
 *
 * Their publishers give them in forms that are no files of their own on a mirror, or nothing to know
 * their content by before it is there; so they are fetched by hand, and read like any files of the
 * user's.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../../config/defined.ts";
import { unpackIdx } from "../formats/idx.ts";
import { awaitAll } from "../await_all.ts";
import { type ArrayChanges, assembleIdx } from "./assemble.ts";
import { digest, HASHES_DOC } from "./given.ts";
import { loadedIdx } from "./loaded.ts";
import { fourFiles } from "./published.ts";
import type { GivenSource } from "./source.ts";

/** Options of data sets that lie in a folder. */
export interface FolderOptions {
  /** Folder with the files. */
  readonly directory?: string | undefined;
  /** SHA-256 of the files by their names, unpacked. Other content is refused. */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
}

export const folderOptions = z.strictObject({
  directory: z.string().min(1).optional()
    .describe(
      "folder with the files, each with .gz or without; one called as the data set if missing",
    ),
  sha256: z.object({}).catchall(digest).optional().describe(HASHES_DOC),
});

interface FolderFiles extends ArrayChanges, FolderOptions {
  readonly name: string;
  readonly classes: readonly string[];
  /** Names of the files: training images and labels, test images and labels. */
  readonly files: readonly [string, string, string, string];
}

/** The source of four IDX files in a folder, each with ".gz" or without. */
export function inFolder(
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
        stored.map(async (file, i) => loadedIdx(await unpackIdx(file), file, files[i])),
      );
      return assembleIdx({ name, ...content, ...fourFiles(loaded) });
    },
  };
}
