import { join } from "@std/path";
import { isListed, type Listed } from "../../data/pictures/layout.ts";
import { LONGEST_PICTURE } from "../../data/pictures/picture.ts";
import { fileSystem } from "../file_system.ts";
import { entriesOf, explained, readFile } from "../files.ts";
import { admitNamed } from "../reads.ts";

/**
 * Lists a folder and the folders in it; links count as what they lead to.
 *
 * @param depth folders below it whose content is listed too
 */
export async function listFolder(folder: string, depth: number): Promise<readonly Listed[]> {
  admitNamed(folder);
  const listed: Listed[] = [];
  for (const entry of await entriesOf(folder)) {
    const { name, isSymlink } = entry;
    if (!isListed(entry)) continue;
    const path = join(folder, name);
    const isDirectory = isSymlink ? await leadsToFolder(path) : entry.isDirectory;
    if (!isDirectory) listed.push({ name });
    else listed.push({ name, entries: depth === 0 ? [] : await listFolder(path, depth - 1) });
  }
  return listed;
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem().stat(path)).isDirectory;
  } catch (error) {
    throw explained(`Cannot read "${path}"`, error);
  }
}

/** Returns the content of a picture's file. */
export async function readPictureFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  admitNamed(path);
  return await readFile(path, "picture", LONGEST_PICTURE);
}
