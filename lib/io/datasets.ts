import { basename, isAbsolute, join } from "@std/path";
import type { Dataset } from "../data/dataset.ts";
import type {
  DatasetSource,
  EmbeddedSource,
  GivenSource,
  KnownFile,
  LoadedFile,
  PublishedSource,
} from "../data/datasets/source.ts";
import { storedBytes, type StoredFile } from "../data/formats/gzip.ts";
import { together } from "../data/together.ts";
import { cachePath, isCached, readCached, writeCached } from "./cache.ts";
import { download, type DownloadProgress, verified } from "./download.ts";
import { storedFile, storedFileIfAny } from "./files.ts";

/** How far the loading of a data set is: what is being downloaded now. */
export interface LoadProgress extends DownloadProgress {
  /** Name of the file. */
  readonly file: string;
  /** Which file of the data set it is, from 1. */
  readonly index: number;
  /** How many files the data set has. */
  readonly files: number;
}

/** Where a data set is looked for. */
export interface LoadOptions {
  /**
   * A directory of the user's that has the files, gzip or plain; or a folder in it, called as the
   * data set. If it is given, published data sets come from there or not at all.
   */
  readonly directory?: string | undefined;
  /** Folder of the cache. */
  readonly cacheDirectory: string;
  /** In place of the global fetch. */
  readonly fetch?: typeof fetch | undefined;
  /** Longest silence of a mirror, in milliseconds. */
  readonly patience?: number | undefined;
  /** Told of downloads after each piece. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * The data set of a source.
 *
 * @throws {Error} if a file is missing, is not what it must be, or cannot be downloaded; the
 *     message names the file, what was expected and what was found
 */
export async function loadDataset(source: DatasetSource, options: LoadOptions): Promise<Dataset> {
  if (source.kind === "given") return await loadGiven(source, options);
  return source.assemble(await loadFiles(source, options));
}

/**
 * Puts the files of a data set into the cache, unless they are there, so that it can be loaded
 * without a network later. A given directory is read in place of the mirrors.
 *
 * @throws {Error} as {@link loadDataset}
 */
export async function fetchDataset(
  source: PublishedSource | EmbeddedSource,
  options: LoadOptions,
): Promise<void> {
  const files = await loadFiles(source, options);
  if (options.directory === undefined) return; // all others go through the cache
  for (const { sha256, bytes } of files) {
    if (await isCached(options.cacheDirectory, sha256, bytes.length)) continue;
    await writeCached(options.cacheDirectory, sha256, bytes);
  }
}

/** Whether the cache has files of the right names and lengths for the whole data set. */
export async function isDatasetCached(
  { files }: PublishedSource | EmbeddedSource,
  cacheDirectory: string,
): Promise<boolean> {
  const found = await Promise.all(
    files.map(({ sha256, bytes }) => isCached(cacheDirectory, sha256, bytes)),
  );
  return found.every((isThere) => isThere);
}

function loadFiles(
  source: PublishedSource | EmbeddedSource,
  options: LoadOptions,
): Promise<readonly LoadedFile[]> {
  if (source.kind === "embedded") return loadEmbedded(source, options);
  return options.directory === undefined
    ? loadPublished(source, options)
    : loadDirectory(source, options.directory);
}

/** The user's files: at their paths, or in the given directory at relative paths or by base name. */
async function loadGiven(source: GivenSource, { directory }: LoadOptions): Promise<Dataset> {
  const stored = source.files.map(async ({ name, path, orPacked = false }) => {
    const places = directory === undefined ? [path] : placesIn(directory, path);
    for (const place of places.flatMap((place) => orPacked ? [`${place}.gz`, place] : [place])) {
      const found = await storedFileIfAny(place, name);
      if (found !== undefined) return found;
    }
    return await storedFile(isAbsolute(path) ? path : places[0], name); // throws what is missing
  });
  return await source.load(await together(stored));
}

/** Where a file of the user's may be if a directory is given. */
function placesIn(directory: string, path: string): readonly string[] {
  const byName = join(directory, basename(path));
  return isAbsolute(path) ? [byName, path] : [join(directory, path), byName];
}

/** The files of a published data set in a directory of the user's. */
async function loadDirectory(
  { name, files }: PublishedSource,
  directory: string,
): Promise<readonly LoadedFile[]> {
  const own = join(directory, name);
  const inOwn = await findAll(files, own);
  const { found, missing } = inOwn.missing.length === 0 ? inOwn : await findAll(files, directory);
  if (missing.length > 0) {
    throw new Deno.errors.NotFound(
      `Cannot load "${name}" from "${directory}": expected there, or all in "${own}", the files ` +
        `${files.map(quoted).join(", ")}, each with ".gz" or without: ` +
        `missing ${missing.map(quoted).join(", ")}`,
    );
  }
  return await together(found.map(async ({ file, stored }) => ({
    name: file.name,
    origin: stored.origin,
    bytes: await verified(stored, file),
    sha256: file.sha256,
  })));
}

function quoted({ name }: KnownFile): string {
  return `"${name}"`;
}

interface Found {
  readonly file: KnownFile;
  readonly stored: StoredFile;
}

/** The files that a folder has, plain or packed, and those that it has not. */
async function findAll(
  files: readonly KnownFile[],
  folder: string,
): Promise<{ readonly found: readonly Found[]; readonly missing: readonly KnownFile[] }> {
  const found: Found[] = [];
  const missing: KnownFile[] = [];
  for (const file of files) {
    const [plain, packed] = [join(folder, file.name), join(folder, `${file.name}.gz`)];
    const there = await find(file, plain) ?? await find(file, packed);
    if (there === undefined) missing.push(file);
    else found.push(there);
  }
  return { found, missing };
}

async function find(file: KnownFile, path: string): Promise<Found | undefined> {
  const stored = await storedFileIfAny(path, "data file");
  return stored === undefined ? undefined : { file, stored };
}

/** The files of a published data set, from the cache or through it from a mirror. */
async function loadPublished(
  { files, mirrors }: PublishedSource,
  { cacheDirectory, fetch, patience, onProgress }: LoadOptions,
): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  for (const [i, file] of files.entries()) {
    const { name, sha256 } = file;
    let bytes = await readCached(cacheDirectory, file);
    if (bytes === undefined) {
      const place = { file: name, index: i + 1, files: files.length };
      bytes = await download(file, mirrors, {
        fetch,
        patience,
        onProgress: (progress) => onProgress?.({ ...progress, ...place }),
      });
      await writeCached(cacheDirectory, sha256, bytes);
    }
    loaded.push({ name, origin: cachePath(cacheDirectory, sha256), bytes, sha256 });
  }
  return loaded;
}

/** The files of an embedded data set, from the cache or made anew of the package's modules. */
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
        verified(storedBytes(built[i] ?? new Uint8Array(), origin(file)), file)
      ),
    ),
  );
  await keep(made, cacheDirectory);
  return made;
}

async function importJson(specifier: string): Promise<unknown> {
  const module: { readonly default: unknown } = await import(specifier, { with: { type: "json" } });
  return module.default;
}

/** Saves the next start a second; whoever may not write the cache can go without. */
async function keep(files: readonly LoadedFile[], cacheDirectory: string): Promise<void> {
  try {
    for (const { sha256, bytes } of files) await writeCached(cacheDirectory, sha256, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}
