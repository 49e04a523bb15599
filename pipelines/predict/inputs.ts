/**
 * Reads the inputs of predict: pictures, or one file of samples.
 *
 * @module
 */
import { join } from "@std/path";
import { type StoredFile, storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { listPictures } from "../../lib/data/pictures/layout.ts";
import { isPicture } from "../../lib/data/pictures/sniff.ts";
import { isFolder, openStoredFile, readStandardInput } from "../../lib/io/files.ts";
import { listFolder, readPictureFile } from "../../lib/io/pictures/list.ts";

/** A picture: its name for people, its label if it has one, and its content. */
export interface PictureInput {
  readonly name: string;
  readonly label?: string;
  read(): Promise<Uint8Array>;
}

/** Pictures, or a file that is opened as often as it is read. */
export type Inputs =
  | { readonly pictures: readonly PictureInput[] }
  | { readonly name: string; open(): Promise<StoredFile> };

/** Stands for the standard input. */
const STANDARD_INPUT = "-";

/**
 * Returns what the words of the command line name.
 *
 * @throws {TypeError} if they name several files that are not pictures, or some of both
 */
export async function inputsOf(words: readonly string[]): Promise<Inputs> {
  const pictures: PictureInput[] = [];
  for (const word of words) {
    const found = await inputOf(word);
    if ("pictures" in found) pictures.push(...found.pictures);
    else if (words.length === 1) return found;
    else {
      throw new TypeError(
        `Cannot predict "${word}": expected pictures, PNG or JPEG, where there are several files: ` +
          "received a file that is none",
      );
    }
  }
  return { pictures };
}

async function inputOf(word: string): Promise<Inputs> {
  if (word === STANDARD_INPUT) {
    const [bytes, name] = [await readStandardInput(), "standard input"];
    return isPicture(bytes)
      ? { pictures: [{ name: word, read: () => Promise.resolve(bytes) }] }
      : { name, open: () => Promise.resolve(storedFileFromBytes(bytes, name)) };
  }
  if (await isFolder(word)) return { pictures: await picturesBelow(word) };
  const open = () => openStoredFile(word, "samples");
  if (!isPicture(await startOf(await open()))) return { name: word, open };
  return { pictures: [pictureInput(word)] };
}

/** Returns the pictures in a folder, or in its subfolders, whose names are the labels. */
async function picturesBelow(folder: string): Promise<readonly PictureInput[]> {
  const listed = await listFolder(folder, 1);
  const classes = listed.filter(({ entries }) => entries !== undefined)
    .map(({ name }) => name).sort();
  if (classes.length === 0 || classes.length < listed.length) {
    return listPictures(listed, folder).map((name) => pictureInput(join(folder, name)));
  }
  return classes.flatMap((label) => {
    const entries = listed.find(({ name }) => name === label)?.entries ?? [];
    const path = join(folder, label);
    return listPictures(entries, path).map((name) => ({
      ...pictureInput(join(path, name)),
      label,
    }));
  });
}

function pictureInput(path: string): PictureInput {
  return { name: path, read: () => readPictureFile(path) };
}

/** The first bytes of a file. */
async function startOf(file: StoredFile): Promise<Uint8Array> {
  for await (const piece of file.pieces) return piece;
  return new Uint8Array();
}
