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
import { unpackIdx } from "../formats/idx.ts";
import { together } from "../together.ts";
import { type ArrayChanges, assembleIdx } from "./assemble.ts";
import { loadedIdx } from "./loaded.ts";
import { fourFiles } from "./published.ts";
import type { GivenSource } from "./source.ts";

/** Options of data sets that lie in a folder. */
export interface FolderOptions {
  /** Folder with the files. */
  readonly directory?: string | undefined;
}

export const folderOptions = z.strictObject({
  directory: z.string().min(1).optional()
    .describe(
      "folder with the files, each with .gz or without; one called as the data set if missing",
    ),
});

interface FolderFiles extends ArrayChanges, FolderOptions {
  readonly name: string;
  readonly classes: readonly string[];
  /** Names of the files: training images and labels, test images and labels. */
  readonly files: readonly [string, string, string, string];
}

/** The source of four IDX files in a folder, each with ".gz" or without. */
export function inFolder({ name, directory = name, files, ...content }: FolderFiles): GivenSource {
  return {
    kind: "given",
    name,
    files: files.map((file) => ({ name: file, path: `${directory}/${file}`, orPacked: true })),
    async load(stored) {
      const loaded = await together(
        stored.map(async (file, i) => loadedIdx(await unpackIdx(file), file, files[i])),
      );
      return assembleIdx({ name, ...content, ...fourFiles(loaded) });
    },
  };
}
