import type { Content } from "../formats/content.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { LoadedFile } from "./source.ts";

/** A file of the user's that was unpacked, under its name in the data set. */
export function loadedIdx(
  content: Content,
  { origin }: Pick<StoredFile, "origin">,
  name: string,
): LoadedFile {
  return {
    name,
    origin,
    bytes: content.bytes,
    get sha256() {
      return content.sha256; // which takes time, and a run needs it, but not all who load data
    },
  };
}
