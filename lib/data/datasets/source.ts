/**
 * Data sources: descriptions of the files of a data set, with a function that builds the {@link Dataset}
 * from their content.
 *
 * This module reads no file. `lib/io/datasets.ts` loads data sources.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { ImageSize } from "../../tensor/images.ts";

/** A file of a data set that has been read and decompressed. */
export interface LoadedFile {
  /** Name of the file in the data set. Unlike the path, it is part of the id of a run. */
  readonly name: string;
  /** Path or URL of the file, for error messages. */
  readonly origin: string;
  /** The decompressed content. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the content. */
  readonly sha256: string;
}

/** A file of a data set whose length and hash are known before it is read. */
export interface KnownFile {
  /** Name of the file, without ".gz". */
  readonly name: string;
  /** Length of the decompressed content in bytes. */
  readonly bytes: number;
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
}

/** Properties that all data sources have. */
export interface CommonSource {
  /** Name of the data set, as in the config. */
  readonly name: string;
}

/** A data source whose files have lengths and hashes that are known before they are read. */
export interface KnownSource extends CommonSource {
  /**
   * Builds the data set from its files, in the order in which the data source lists them.
   *
   * @throws {SyntaxError | TypeError | RangeError} if a file is malformed, or the files do not fit each
   *     other
   */
  assemble(files: readonly LoadedFile[]): Dataset;
}

/** A data source whose files are on the network. */
export interface PublishedSource extends KnownSource {
  /** Kind of data source. */
  readonly kind: "published";
  /**
   * Files of the data set. `packedBytes` is the approximate length of the .gz file, since mirrors compress
   * differently.
   */
  readonly files: readonly (KnownFile & { readonly packedBytes: number })[];
  /** URLs of mirrors, to which the name of a file and ".gz" are appended. They are tried in order. */
  readonly mirrors: readonly string[];
}

/**
 * A data source whose files are built from JSON modules of an npm package, which is a dependency of this
 * project.
 */
export interface EmbeddedSource extends KnownSource {
  /** Kind of data source. */
  readonly kind: "embedded";
  /** Files that {@link EmbeddedSource.build} must return. */
  readonly files: readonly KnownFile[];
  /** Import specifiers of the JSON modules, in the order in which `build` receives their values. */
  readonly modules: readonly string[];
  /**
   * Builds the content of the files, in the order of `files`, from the values of the JSON modules.
   *
   * @throws {TypeError} if the values have another form
   */
  build(values: readonly unknown[]): readonly Uint8Array<ArrayBuffer>[];
}

/**
 * A reference to one of the user's files, which may be compressed by gzip: its path, the SHA-256 of its
 * content, or both.
 */
export interface GivenFile {
  /** Name of the file in the data set. */
  readonly name: string;
  /** Path of the file. Absent if the file is found by its SHA-256. */
  readonly path?: string;
  /** Whether the file may be at the path followed by ".gz" instead. Defaults to false. */
  readonly orPacked?: boolean;
  /** SHA-256 of the decompressed content, if the config states it. */
  readonly sha256?: string;
}

/** A data source for the user's own files. */
export interface GivenSource extends CommonSource {
  /** Kind of data source. */
  readonly kind: "given";
  /** References to the files, in the order in which `load` receives them. */
  readonly files: readonly GivenFile[];
  /**
   * Builds the data set from its files, which are passed in the order of `files`.
   *
   * @throws {SyntaxError | TypeError | RangeError} if a file is malformed, or the files do not fit each
   *     other
   */
  load(files: readonly StoredFile[]): Promise<Dataset>;
  /**
   * Determines the numbers and shapes of the samples without reading all features, from the same files as
   * `load`. Absent if the data set must be loaded to determine them.
   *
   * @throws {SyntaxError | TypeError | RangeError} if a file is malformed, the files do not fit each other,
   *     or a file must be loaded to determine them
   */
  outline?(files: readonly StoredFile[]): Promise<DatasetOutline>;
}

/** A data set without its features, whose sizes are exact or estimated. */
export interface DatasetOutline {
  /**
   * Data set whose numbers and shapes of samples, labels and columns can be used. Its features must not be
   * read: they are missing or incomplete.
   */
  readonly dataset: Dataset;
  /**
   * Fraction of the files' content, from 0 to 1, from which the numbers of samples, classes and categories
   * are estimated. It is 1 if all are exact.
   */
  readonly share: number;
}

/** Names of the IDX files to which a folder of pictures is converted. */
export const PICTURE_FILES = ["images", "labels", "testImages", "testLabels"] as const;

/** Name of an IDX file to which pictures are converted. */
export type PictureFile = (typeof PICTURE_FILES)[number];

/** A data source for a folder of the user's pictures, which are converted to IDX files. */
export interface PictureSource extends CommonSource {
  /** Kind of data source. */
  readonly kind: "pictures";
  /** Path of the folder of pictures. Absent if the IDX files are found by their SHA-256. */
  readonly path?: string;
  /** SHA-256 of the IDX files, if the config states them. */
  readonly sha256: { readonly [File in PictureFile]?: string | undefined };
  /** Size to which pictures are resized. By default, all pictures must have the same size. */
  readonly size?: ImageSize;
  /** Names of the classes, in order. Defaults to the names of the subfolders. */
  readonly classes?: readonly string[];
  /**
   * Builds the data set from the IDX files to which the pictures were converted.
   *
   * @param classes names of the classes, in the order of the labels
   * @throws {SyntaxError | TypeError | RangeError} if a file is malformed, or the files do not fit each
   *     other
   */
  assemble(
    files: { readonly [File in PictureFile]?: LoadedFile },
    classes: readonly string[],
  ): Dataset;
}

/** A data source without files, whose samples are computed from its options. */
export interface GeneratedSource extends CommonSource {
  /** Kind of data source. */
  readonly kind: "generated";
  /**
   * Computes the data set. Its `hashes` are those of its training and test samples, since it has no files.
   */
  generate(): Dataset;
}

/** A data source of any kind. */
export type DatasetSource =
  | PublishedSource
  | EmbeddedSource
  | GeneratedSource
  | GivenSource
  | PictureSource;
