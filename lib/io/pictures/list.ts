import { join } from "@std/path";
import { type FolderEntry, isDataEntry } from "../../data/pictures/layout.ts";
import { LONGEST_PICTURE } from "../../data/pictures/picture.ts";
import { fileSystem } from "../file_system.ts";
import { explainError, readFile, readFolderEntries } from "../files.ts";
import { admitConfigPath } from "../reads.ts";

/**
 * Returns the entries of a folder and of its subfolders, without those whose names begin with a dot and
 * those that operating systems create. A link counts as the file or folder to which it leads. Returns an
 * empty list if the folder does not exist.
 *
 * @param depth number of levels of subfolders whose entries are listed. Deeper subfolders have an empty
 *     list
 * @throws {Error} if a folder cannot be read, or a link leads nowhere
 */
export async function listFolder(folder: string, depth: number): Promise<readonly FolderEntry[]> {
  admitConfigPath(folder);
  const listed: FolderEntry[] = [];
  for (const entry of await readFolderEntries(folder)) {
    const { name, isSymlink } = entry;
    if (!isDataEntry(entry)) continue;
    const path = join(folder, name);
    const isDirectory = isSymlink ? await leadsToFolder(path) : entry.isDirectory;
    if (!isDirectory) listed.push({ name });
    else listed.push({ name, entries: depth === 0 ? [] : await listFolder(path, depth - 1) });
  }
  return listed;
}

/** Returns whether a link leads to a folder. Throws if it leads nowhere. */
async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem().stat(path)).isDirectory;
  } catch (error) {
    throw explainError(`Cannot read "${path}"`, error);
  }
}

/**
 * Reads the bytes of a picture file without decoding them. Throws if there are more than
 * {@linkcode LONGEST_PICTURE}.
 */
export async function readPictureFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  admitConfigPath(path);
  return await readFile(path, "picture", LONGEST_PICTURE);
}
