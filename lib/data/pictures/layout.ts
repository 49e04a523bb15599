/**
 * Assignment of the pictures in a folder to classes and splits.
 *
 *   folder/CLASS/picture                                    all to learn from
 *   folder/train/CLASS/picture, folder/test/CLASS/picture   some to test on
 *
 * Hidden files (".name") and files that operating systems create are ignored. The files of a
 * class are sorted by the UTF-16 code units of their names, so that their order is the same on every
 * machine.
 *
 * @module
 */
import { didYouMean } from "../../config/messages/suggest.ts";
import { MOST_CLASSES, sortClassNames } from "../formats/classes.ts";

/** An entry of a folder: a file, or a subfolder with its own entries. */
export interface FolderEntry {
  /** Name of the file or subfolder, without a path. */
  readonly name: string;
  /** Entries of the subfolder. Undefined for a file. */
  readonly entries?: readonly FolderEntry[] | undefined;
}

/** A picture file of a data set, with its class. */
export interface LabelledFile {
  /** Path of the file relative to the folder of the data set, with slashes. */
  readonly path: string;
  /** Index of the picture's class. */
  readonly label: number;
}

/** The classes of a data set, and its picture files by split, sorted by class and then by name. */
export interface Layout {
  readonly classes: readonly string[];
  readonly train: readonly LabelledFile[];
  readonly test?: readonly LabelledFile[];
}

/**
 * Largest number of levels of subfolders in the folder of a data set: one for the splits, one for the
 * classes.
 */
export const DEEPEST = 2;

/** Names of the subfolders that are splits and not classes. */
const SPLITS: readonly string[] = ["train", "test"];

/** Names of files that operating systems create in folders of pictures. */
const SYSTEM_FILES: readonly string[] = ["Thumbs.db", "desktop.ini"];

/**
 * Returns whether an entry of a folder belongs to the data set. Hidden entries (".name") and entries that
 * operating systems create do not.
 */
export function isDataEntry({ name }: Pick<FolderEntry, "name">): boolean {
  return !name.startsWith(".") && !SYSTEM_FILES.includes(name);
}

/**
 * Returns the classes of a data set and its picture files by split, given the entries of its folder.
 *
 * @param origin path of the folder in error messages
 * @param classes names of the classes, in order. Defaults to the names of the subfolders, sorted by value
 *     if all are numbers, and otherwise by UTF-16 code units
 * @throws {RangeError} if there are fewer than 2 classes, a class has no training pictures, or the entries
 *     do not follow one of the two layouts
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

/**
 * Returns the classes, and the files as training pictures, of a folder that has a subfolder for each class.
 * `prefix` is the path of that folder relative to `origin`, with a slash at its end, or empty.
 */
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

/**
 * Returns the files of all classes, sorted by class and then by name, given the entries of a folder that
 * has a subfolder for each class. A class may be missing only in the test split.
 */
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
 * Returns the sorted names of the files in the folder of one class, given the entries of the folder.
 *
 * @param origin path of the folder in error messages
 * @throws {RangeError} if the folder is empty, or has a subfolder
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
