/**
 * Files of the user's data, after reading.
 *
 * @module
 */
import type { Content } from "../formats/content.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { LoadedFile } from "./source.ts";

/** Returns the content of one of the user's files under its name in the data set. */
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
