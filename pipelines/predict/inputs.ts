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

/** A picture that is read only when its content is needed. */
export interface PictureInput {
  /** Name in messages and results: its path, or "-" for the standard input. */
  readonly name: string;
  readonly label?: string;
  /** Reads the bytes of the PNG or JPEG file. */
  read(): Promise<Uint8Array>;
}

/** Inputs of predictions: pictures; or one file of samples, as its name and a function that opens it. */
export type Inputs =
  | { readonly pictures: readonly PictureInput[] }
  | { readonly name: string; open(): Promise<StoredFile> };

/** Argument that names the standard input. */
const STANDARD_INPUT = "-";

/**
 * Finds the inputs that file names on the command line stand for: pictures, folders of pictures, or one file
 * of samples. The name "-" is the standard input.
 *
 * @throws {TypeError} if there are several names, and one of them is of a file that is not a picture
 */
export async function findInputs(fileNames: readonly string[]): Promise<Inputs> {
  const pictures: PictureInput[] = [];
  for (const word of fileNames) {
    const found = await findInput(word);
    if ("pictures" in found) pictures.push(...found.pictures);
    else if (fileNames.length === 1) return found;
    else {
      throw new TypeError(
        `Cannot predict "${word}": expected pictures, PNG or JPEG, where there are several files: ` +
          "received a file that is none",
      );
    }
  }
  return { pictures };
}

/**
 * Returns the inputs that one file name stands for: a picture, the pictures of a folder, or a file of
 * samples.
 */
async function findInput(fileName: string): Promise<Inputs> {
  if (fileName === STANDARD_INPUT) {
    const [bytes, name] = [await readStandardInput(), "standard input"];
    return isPicture(bytes)
      ? { pictures: [{ name: fileName, read: () => Promise.resolve(bytes) }] }
      : { name, open: () => Promise.resolve(storedFileFromBytes(bytes, name)) };
  }
  if (await isFolder(fileName)) return { pictures: await findPictures(fileName) };
  const open = () => openStoredFile(fileName, "samples");
  if (!isPicture(await readFirstBytes(await open()))) return { name: fileName, open };
  return { pictures: [unreadPicture(fileName)] };
}

/**
 * Returns the pictures in a folder. If the folder contains nothing but subfolders, returns the pictures in
 * these, with the subfolder's name as label.
 */
async function findPictures(folder: string): Promise<readonly PictureInput[]> {
  const listed = await listFolder(folder, 1);
  const classes = listed.filter(({ entries }) => entries !== undefined)
    .map(({ name }) => name).sort();
  if (classes.length === 0 || classes.length < listed.length) {
    return listPictures(listed, folder).map((name) => unreadPicture(join(folder, name)));
  }
  return classes.flatMap((label) => {
    const entries = listed.find(({ name }) => name === label)?.entries ?? [];
    const path = join(folder, label);
    return listPictures(entries, path).map((name) => ({
      ...unreadPicture(join(path, name)),
      label,
    }));
  });
}

/** Returns a picture file as an input of predictions. The file is read only when its content is needed. */
function unreadPicture(path: string): PictureInput {
  return { name: path, read: () => readPictureFile(path) };
}

/** Reads the first piece of a file, of unspecified length; empty if the file is empty. */
async function readFirstBytes(file: StoredFile): Promise<Uint8Array> {
  for await (const piece of file.pieces) return piece;
  return new Uint8Array();
}
