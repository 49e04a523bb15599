/**
 * Assigns the pictures of a folder to classes and splits.
 *
 *   folder/CLASS/picture                                    all to learn from
 *   folder/train/CLASS/picture, folder/test/CLASS/picture   some to test on
 *
 * Files that systems leave behind, and those whose names begin with a dot, count as not there. Files of a
 * class are in the order of their names by code units, so that it is the same everywhere.
 *
 * @module
 */
import { didYouMean } from "../../config/messages/suggest.ts";
import { MOST_CLASSES, sortClassNames } from "../formats/classes.ts";

/** A file or a folder as it is listed. */
export interface FolderEntry {
  readonly name: string;
  /** Entries of a folder; undefined for a file. */
  readonly entries?: readonly FolderEntry[] | undefined;
}

/** A picture of a data set. */
export interface LabelledFile {
  /** Its path from the folder, with slashes. */
  readonly path: string;
  /** Index of its class. */
  readonly label: number;
}

/** Pictures of a folder by split, in the order of classes and names. */
export interface Layout {
  readonly classes: readonly string[];
  readonly train: readonly LabelledFile[];
  readonly test?: readonly LabelledFile[];
}

/** Folders below the folder of a data set, at most: split and class. */
export const DEEPEST = 2;

/** Names of the folders that are splits. */
const SPLITS: readonly string[] = ["train", "test"];

const LEFT_BY_SYSTEMS: readonly string[] = ["Thumbs.db", "desktop.ini"];

/** Whether a listed file or folder counts. */
export function isDataEntry({ name }: Pick<FolderEntry, "name">): boolean {
  return !name.startsWith(".") && !LEFT_BY_SYSTEMS.includes(name);
}

/**
 * Returns the pictures in a folder.
 *
 * @param classes names of the classes in their order; by value if all are numbers, else by name, if
 *     undefined
 * @throws {RangeError} if there are fewer than 2 classes, one without pictures, or files and folders in one
 *     place
 */
export function arrangePictures(
  entries: readonly FolderEntry[],
  origin: string,
  classes?: readonly string[],
): Layout {
  const listed = entries.filter(isDataEntry);
  const named = (name: string) => listed.find((entry) => entry.name === name)?.entries;
  const [train, test] = [named("train"), named("test")];
  if (train === undefined) return arrangeSplit(listed, origin, "", classes);
  const other = listed.find(({ name }) => !SPLITS.includes(name));
  if (other !== undefined) {
    throw new RangeError(
      `Cannot read "${origin}": expected nothing beside the folders train and test: received ` +
        `"${other.name}"`,
    );
  }
  const { classes: found, train: files } = arrangeSplit(train, origin, "train/", classes);
  if (test === undefined) return { classes: found, train: files };
  const tested = listLabelledFiles(test, origin, "test/", found);
  if (tested.length > 0) return { classes: found, train: files, test: tested };
  throw new RangeError(
    `Cannot read "${origin}/test": expected folders of classes with pictures: received none`,
  );
}

/** Returns the classes of a folder of class folders, and its pictures. */
function arrangeSplit(
  entries: readonly FolderEntry[],
  origin: string,
  prefix: string,
  classNames: readonly string[] | undefined,
): Layout {
  const classes = classNames ?? sortClassNames(entries.filter(isDataEntry).map(({ name }) => name));
  const train = listLabelledFiles(entries, origin, prefix, classes);
  if (classes.length >= 2 && classes.length <= MOST_CLASSES) return { classes, train };
  throw new RangeError(
    `Cannot read "${origin}": expected 2 to ${MOST_CLASSES} folders${
      prefix === "" ? "" : ` in ${prefix}`
    }, one for each class: received ${classes.length}`,
  );
}

/** Returns the pictures of all classes, class after class. */
function listLabelledFiles(
  entries: readonly FolderEntry[],
  origin: string,
  prefix: string,
  classes: readonly string[],
): readonly LabelledFile[] {
  const listed = entries.filter(isDataEntry);
  const file = listed.find(({ entries }) => entries === undefined);
  if (file !== undefined) {
    throw new RangeError(
      `Cannot read "${origin}": expected folders alone${
        prefix === "" ? "" : ` in ${prefix}`
      }, one for ` +
        `each class: received the file "${file.name}"`,
    );
  }
  const unknown = listed.find(({ name }) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot read "${origin}": expected folders of the ${classes.length} classes: received ` +
        `"${prefix}${unknown.name}"${didYouMean(unknown.name, classes)}`,
    );
  }
  return classes.flatMap((name, label) => {
    const folder = listed.find((entry) => entry.name === name);
    if (folder === undefined && prefix === "test/") return []; // nothing of the class to test on
    const path = `${prefix}${name}`;
    return listPictures(folder?.entries ?? [], `${origin}/${path}`)
      .map((file) => ({ path: `${path}/${file}`, label }));
  });
}

/**
 * Returns the sorted names of the pictures in the folder of a class.
 *
 * @throws {RangeError} if there are none, or there is a folder among them
 */
export function listPictures(entries: readonly FolderEntry[], origin: string): readonly string[] {
  const listed = entries.filter(isDataEntry);
  const folder = listed.find(({ entries }) => entries !== undefined);
  if (folder !== undefined || listed.length === 0) {
    throw new RangeError(
      `Cannot read "${origin}": expected pictures, PNG or JPEG: received ${
        folder === undefined ? "none" : `the folder "${folder.name}"`
      }`,
    );
  }
  return listed.map(({ name }) => name).sort();
}
