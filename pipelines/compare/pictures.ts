/**
 * Samples of a finished run's data that its folder has no pixels of.
 *
 * @module
 */
import { partOf } from "../../lib/data/split/split.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Gallery } from "../../lib/run/record.ts";
import type { SplitName } from "../../lib/data/parts.ts";
import { samplesGallery } from "../../lib/observe/gallery.ts";
import { contextOf, loadParts } from "../evaluate/run.ts";
import { configOf, readFinished } from "../experiment/read_run.ts";

/** Which samples are wanted. */
interface WantedSamples {
  readonly part: SplitName;
  /** Their rows in the file that the part comes from. */
  readonly rows: readonly number[];
}

/**
 * Loads some samples of the data that a finished run was made with.
 *
 * @param dataDirectory where the files of the data set are
 * @throws {Error} if they cannot be read, or are of other data
 */
export async function readPictures(
  path: string,
  { part, rows }: WantedSamples,
  dataDirectory: string,
): Promise<Gallery> {
  const { manifest, files } = await readFinished(path, [FILES.config]);
  const config = configOf(files.get(FILES.config) as Uint8Array, path);
  const where = { dataDirectory, cacheDirectory: ".cache", workers: 1 };
  const parts = await loadParts(path, { config, manifest }, contextOf(config, where));
  return samplesGallery(part, partOf(parts, part), rows);
}
