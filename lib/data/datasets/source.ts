/**
 * Sources of data sets: descriptions of their files, and of the {@link Dataset} that these form.
 *
 * Nothing here reads a file; `lib/io/datasets.ts` loads sources.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { ImageSize } from "../../tensor/images.ts";

/** A file that has been read and decompressed. */
export interface LoadedFile {
  /** Name of the file in the data set; part of a run's id, unlike its path. */
  readonly name: string;
  /** Path or address of the file in messages. */
  readonly origin: string;
  /** The decompressed content. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the content. */
  readonly sha256: string;
}

/** A file whose content is known beforehand. */
export interface KnownFile {
  /** Name, without ".gz". */
  readonly name: string;
  /** Length of the decompressed content in bytes. */
  readonly bytes: number;
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
}

/** Properties of all sources. */
export interface CommonSource {
  /** Name of the data set, as in the config. */
  readonly name: string;
}

/** A source of files whose content is known beforehand. */
export interface KnownSource extends CommonSource {
  /**
   * Returns the data set of the files, in the order of the source.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files are malformed or do not fit each other
   */
  assemble(files: readonly LoadedFile[]): Dataset;
}

/** A source of files on the network, with mirrors in the order of trial. */
export interface PublishedSource extends KnownSource {
  /** Kind of the source. */
  readonly kind: "published";
  /** The files. `packedBytes` is the approximate size of the .gz, since mirrors compress differently. */
  readonly files: readonly (KnownFile & { readonly packedBytes: number })[];
  /** Addresses to which a file's name and ".gz" are appended. */
  readonly mirrors: readonly string[];
}

/** A source of files that are built from JSON modules of an npm package among the dependencies. */
export interface EmbeddedSource extends KnownSource {
  /** Kind of the source. */
  readonly kind: "embedded";
  /** The files that {@link EmbeddedSource.build} must return. */
  readonly files: readonly KnownFile[];
  /** Specifiers of the JSON modules. */
  readonly modules: readonly string[];
  /**
   * Returns the content of the files, in their order, from the values of the modules.
   *
   * @throws {TypeError} if the values have another form
   */
  build(values: readonly unknown[]): readonly Uint8Array<ArrayBuffer>[];
}

/** One of the user's files, compressed by gzip or not, found by its path, its SHA-256, or both. */
export interface GivenFile {
  /** Name in the data set. */
  readonly name: string;
  /** Path of the file. */
  readonly path?: string;
  /** Whether ".gz" may follow the path. */
  readonly orPacked?: boolean;
  /** SHA-256 of the decompressed content, if the config pins it. */
  readonly sha256?: string;
}

/** A source of the user's own files. */
export interface GivenSource extends CommonSource {
  /** Kind of the source. */
  readonly kind: "given";
  /** The files, in the order of the data set. */
  readonly files: readonly GivenFile[];
  /**
   * Reads the data set from the stored files, in the order of the source.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files are malformed or do not fit each other
   */
  load(files: readonly StoredFile[]): Promise<Dataset>;
  /**
   * Reads the sizes of the data set from the beginnings of its stored files, and from their labels. Absent if
   * only loading the data set finds its sizes.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files are malformed, do not fit each other, or have
   *     to be loaded for their sizes
   */
  outline?(files: readonly StoredFile[]): Promise<DatasetOutline>;
}

/** The sizes of a data set, without its features. */
export interface DatasetOutline {
  /** Data set whose samples have shapes, counts and labels, and a table its columns, but wrong features. */
  readonly dataset: Dataset;
  /** Fraction of the content from which counts, classes and categories are estimated; 1 if all are exact. */
  readonly share: number;
}

/** Names of the IDX files that pictures are converted to. */
export const PICTURE_FILES = ["images", "labels", "testImages", "testLabels"] as const;

/** Name of a file that is made of pictures. */
export type PictureFile = (typeof PICTURE_FILES)[number];

/** A folder of the user's with pictures, which are read as IDX files are. */
export interface PictureSource extends CommonSource {
  /** Kind of the source. */
  readonly kind: "pictures";
  /** Path of the folder. */
  readonly path?: string;
  /** SHA-256 of the IDX files, if the config pins them. */
  readonly sha256: { readonly [File in PictureFile]?: string | undefined };
  /** The size that pictures are resized to; their own if undefined. */
  readonly size?: ImageSize;
  /** Names of the classes in their order; those of the subfolders if undefined. */
  readonly classes?: readonly string[];
  /**
   * The data set, made of the IDX files.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files do not hold or fit what they must
   */
  assemble(
    files: { readonly [File in PictureFile]?: LoadedFile },
    classes: readonly string[],
  ): Dataset;
}

/** A data set without files, computed from its options. */
export interface GeneratedSource extends CommonSource {
  /** Kind of the source. */
  readonly kind: "generated";
  /** Computes the data set; its hashes are those of the samples. */
  generate(): Dataset;
}

/** A source of a data set. */
export type DatasetSource =
  | PublishedSource
  | EmbeddedSource
  | GeneratedSource
  | GivenSource
  | PictureSource;
