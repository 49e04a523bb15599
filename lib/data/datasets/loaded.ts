/**
 * Files of a data set whose content has been read.
 *
 * @module
 */
import type { Content } from "../formats/content.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { LoadedFile } from "./source.ts";

/**
 * Returns a file of a data set, given its content, its origin for error messages, and its name in the data
 * set. The SHA-256 of the file is computed when it is first read.
 */
export function toLoadedFile(
  content: Content,
  { origin }: Pick<StoredFile, "origin">,
  name: string,
): LoadedFile {
  return {
    name,
    origin,
    bytes: content.bytes,
    get sha256() {
      return content.sha256; // lazy: hashing takes time, and only runs need it
    },
  };
}
