/**
 * Loading of folders of pictures, which are converted to IDX files.
 *
 * The hashes of all pictures are computed first. If the cache has images that were converted from the same
 * pictures, no picture is decoded. The IDX files have hashes of their own, by which a finished run finds
 * its data again: in any folder of the same pictures, in the cache, or as IDX files in an archive.
 *
 * @module
 */
import { basename, isAbsolute, join, resolve } from "@std/path";
import { readContent } from "../../data/formats/content.ts";
import {
  type LoadedFile,
  PICTURE_FILES,
  type PictureFile,
  type PictureSource,
} from "../../data/datasets/source.ts";
import { arrangePictures, DEEPEST, type LabelledFile } from "../../data/pictures/layout.ts";
import { encodeLabels, readImages } from "../../data/pictures/read.ts";
import { sha256 } from "../../data/sha256.ts";
import type { ImageSize } from "../../tensor/images.ts";
import { defined } from "../../config/defined.ts";
import {
  isCached,
  readCachedContent,
  readDerived,
  writeCached,
  writeDerived,
  writeIfAllowed,
} from "../cache.ts";
import { isFolder, openStoredFile } from "../files.ts";
import {
  findBySha256,
  openSearch,
  type Places,
  shortHash,
  withheldContentError,
} from "../find_file.ts";
import { isContentWithheld } from "../reads.ts";
import { listFolder, readPictureFile } from "./list.ts";

/**
 * Options of {@linkcode loadPictures}: where to look for the folder of pictures and for IDX files to which
 * the same pictures were converted earlier, and a progress callback.
 */
export interface PictureLoadOptions extends Places {
  /** Folder of the cache, which holds the IDX files of earlier conversions. */
  readonly cacheDirectory: string;
  /**
   * Called before each picture is decoded. Not called for pictures whose converted images are in the cache.
   */
  readonly onPicture?: ((progress: PictureProgress) => void) | undefined;
}

/** Progress of decoding the pictures of one split. */
export interface PictureProgress {
  /** Number of pictures decoded so far. */
  readonly decoded: number;
  /** Number of pictures in the split. */
  readonly total: number;
}

/** A folder of pictures converted to IDX files. */
export interface ConvertedPictures {
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /**
   * The IDX files of images and labels, by name. `testImages` and `testLabels` are absent if there is no
   * test split.
   */
  readonly files: { readonly [File in PictureFile]?: LoadedFile };
  /** Absolute path of the folder of pictures. Absent if the IDX files were found by their hashes. */
  readonly folder?: string;
}

/**
 * Expected SHA-256 of each IDX file. Absent for a file of which neither the config nor the manifest of a
 * run states one.
 */
type KnownHashes = { readonly [File in PictureFile]?: string | undefined };

/**
 * Version of the conversion of pictures to images, which is part of keys in the cache. It is raised when
 * decoders or arithmetic change the resulting bytes.
 */
const VERSION = 1;

/**
 * Loads a data set of pictures as IDX files. If the SHA-256 of images and labels are known from the config
 * or a run, files with these hashes are looked for: first in the cache, then by converting folders of
 * pictures, then among the user's files. Otherwise, the first folder of pictures that exists is converted.
 * IDX files are used without their pictures only if the config names the classes.
 *
 * @throws {Deno.errors.NotFound} if there is no folder of pictures, or no files with the known hashes
 * @throws {Error} if a picture is damaged
 */
export async function loadPictures(
  source: PictureSource,
  options: PictureLoadOptions,
): Promise<ConvertedPictures> {
  const known = knownHashes(source, options);
  const candidates = candidateFolders(source, options);
  if (known.images === undefined || known.labels === undefined) {
    const folder = await firstFolder(candidates);
    if (folder !== undefined) return await convertFolder(folder, source, options);
    throw new Deno.errors.NotFound(
      `Cannot load "${source.name}": expected a folder of pictures: received no folder ${
        candidates.map((path) => `"${resolve(path)}"`).join(", ")
      }`,
    );
  }
  const cached = await loadByHashes(source, known, (hash) => readCachedBytes(hash, options));
  if (cached !== undefined) return cached;
  const others: string[] = [];
  const { directory } = options;
  for (const folder of new Set([...candidates, ...(directory === undefined ? [] : [directory])])) {
    if (!await isFolder(folder)) continue;
    const found = await convertFolder(folder, source, options).catch((error) => {
      if (candidates.includes(folder)) throw error;
    });
    if (found === undefined) continue; // a directory of other things
    const isKnown = PICTURE_FILES.every((name) =>
      known[name] === undefined || known[name] === found.files[name]?.sha256
    );
    if (isKnown) return found;
    others.push(`"${folder}" (images ${shortHash(found.files.images?.sha256 ?? "")})`);
  }
  const search = openSearch(source.name, options);
  const stored = await loadByHashes(source, known, async (hash, name) => {
    const path = await findBySha256(hash, search);
    if (path === undefined) return undefined;
    const file = await openStoredFile(path, name);
    return (await readContent(file, 0, () => Infinity)).bytes;
  });
  if (stored !== undefined) return stored;
  throw new Deno.errors.NotFound(
    `Cannot load "${source.name}": expected pictures whose images have SHA-256 ${
      shortHash(known.images)
    }: received ${
      others.length > 0
        ? `other content in ${others.join(", ")}`
        : candidates.length > 0
        ? `no such folder ${candidates.map((path) => `"${path}"`).join(", ")}`
        : "no folder"
    }${options.directory === undefined ? ": name the folder by --data-dir" : ""}`,
  );
}

/**
 * Returns the SHA-256 that each IDX file must have: the one in the config or, if the config has none, the
 * one in the manifest of the run. A file of which neither states one is left out.
 */
function knownHashes(source: PictureSource, { known = [] }: Places): KnownHashes {
  const hashes = PICTURE_FILES.map((name) =>
    [name, source.sha256[name] ?? known.find(({ file }) => file === name)?.sha256] as const
  );
  return defined(Object.fromEntries(hashes));
}

/** Returns the paths at which the folder of pictures may be, the likeliest first. */
function candidateFolders(
  { path }: PictureSource,
  { directory, known = [] }: Places,
): readonly string[] {
  const before = known.find(({ file }) => file === "images")?.path;
  const named = [path, before].filter((each) => each !== undefined);
  const below = (directory: string) => [
    ...(path === undefined || isAbsolute(path) ? [] : [join(directory, path)]),
    ...named.map((each) => join(directory, basename(each))),
    ...(named.some((each) => basename(each) === basename(resolve(directory))) ? [directory] : []),
  ];
  const isLast = path !== undefined && (isAbsolute(path) || before !== undefined);
  const paths = directory === undefined
    ? [before, path]
    : [before, ...below(directory), ...(isLast ? [path] : [])];
  return [...new Set(paths.filter((each) => each !== undefined))];
}

/** Returns the first of the paths that leads to a folder, or undefined if none does. */
async function firstFolder(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isFolder(path)) return path;
  return undefined;
}

/**
 * Reads the IDX files whose SHA-256 are known, without pictures. Returns undefined if one of these files is
 * missing, or if the config does not name the classes.
 *
 * @param read returns the content of the file with the SHA-256 `hash`, or undefined if there is none.
 *     `name` is the name of the IDX file, for error messages
 */
async function loadByHashes(
  { classes }: PictureSource,
  known: KnownHashes,
  read: (hash: string, name: string) => Promise<Uint8Array | undefined>,
): Promise<ConvertedPictures | undefined> {
  if (classes === undefined) return undefined;
  const files: Partial<Record<PictureFile, LoadedFile>> = {};
  for (const name of PICTURE_FILES) {
    const hash = known[name];
    if (hash === undefined) continue;
    const bytes = await read(hash, name);
    if (bytes === undefined) return undefined;
    files[name] = { name, origin: name, bytes, sha256: hash };
  }
  return { classes, files };
}

/** Reads a file from the cache by its SHA-256. Returns undefined if it is missing or damaged. */
async function readCachedBytes(
  hash: string,
  { cacheDirectory }: PictureLoadOptions,
): Promise<Uint8Array | undefined> {
  return (await readCachedContent(cacheDirectory, hash))?.bytes;
}

/**
 * Converts the pictures in a folder to IDX files, and writes them to the cache. If the command line does
 * not name the folder, replaces any error by one that quotes none of the folder's content.
 */
async function convertFolder(
  folder: string,
  source: PictureSource,
  options: PictureLoadOptions,
): Promise<ConvertedPictures> {
  try {
    return await convertAndCache(folder, source, options);
  } catch (error) {
    throw isContentWithheld(folder) ? withheldContentError(source.name, folder) : error;
  }
}

/** Converts the pictures in a folder to IDX files, and writes them to the cache. */
async function convertAndCache(
  folder: string,
  source: PictureSource,
  { cacheDirectory, onPicture }: PictureLoadOptions,
): Promise<ConvertedPictures> {
  const layout = arrangePictures(await listFolder(folder, DEEPEST), folder, source.classes);
  const { classes, train, test } = layout;
  const files: Partial<Record<PictureFile, LoadedFile>> = {};
  const add = async (name: PictureFile, { bytes, sha256 }: Content) => {
    files[name] = { name, origin: folder, bytes, sha256 };
    if (await isCached(cacheDirectory, sha256, bytes.length)) return;
    await writeIfAllowed(() => writeCached(cacheDirectory, sha256, bytes));
  };
  const imagesIn = (files: readonly LabelledFile[]) =>
    convertImages(files.map(({ path }) => join(folder, path)), source.size, {
      cacheDirectory,
      onPicture,
    });
  await add("images", await imagesIn(train));
  await add("labels", hashedContent(encodeLabels(train, classes.length)));
  if (test !== undefined) {
    await add("testImages", await imagesIn(test));
    await add("testLabels", hashedContent(encodeLabels(test, classes.length)));
  }
  return { classes, files, folder: resolve(folder) };
}

/**
 * Converts pictures to images of one size, and returns the content of an IDX file of them. The content is
 * read from the cache if the same pictures were converted to the same size before.
 *
 * @param size size to which pictures are resized. If it is undefined, all pictures must have the same size
 */
async function convertImages(
  paths: readonly string[],
  size: ImageSize | undefined,
  { cacheDirectory, onPicture }: PictureLoadOptions,
): Promise<Content> {
  const hashes: string[] = [];
  for (const path of paths) hashes.push(sha256(await readPictureFile(path)));
  const cached = await readDerived(cacheDirectory, conversionKey(hashes, size));
  if (cached !== undefined) return cached;
  hashes.length = 0; // a file may be changed between the two readings
  const images = hashedContent(
    await readImages(paths, size, async (path) => {
      const bytes = await readPictureFile(path);
      onPicture?.({ decoded: hashes.length, total: paths.length });
      hashes.push(sha256(bytes));
      return bytes;
    }),
  );
  const origin = conversionKey(hashes, size);
  await writeIfAllowed(() => writeDerived(cacheDirectory, origin, images.sha256));
  return images;
}

/**
 * Returns the key of converted images in the cache: a SHA-256 of the version of the conversion, of the size
 * to which pictures are resized, if any, and of the pictures' SHA-256 in the order of the images.
 */
function conversionKey(hashes: readonly string[], size: ImageSize | undefined): string {
  const [height, width] = size === undefined ? [0, 0] : [size.height, size.width];
  const lines = [`pictures ${VERSION}`, `${height} ${width}`, ...hashes];
  return sha256(new TextEncoder().encode(lines.join("\n")));
}

/** Returns bytes with their SHA-256. */
function hashedContent(bytes: Uint8Array<ArrayBufferLike>): Content {
  return { bytes, sha256: sha256(bytes) };
}

/** Bytes with their SHA-256. */
interface Content {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}
