/**
 * Where the files of a data set come from, and how a {@link Dataset} is made of them.
 *
 * Nothing here reads a file: a source is a description, which `lib/io/datasets.ts` follows.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import type { StoredFile } from "../formats/gzip.ts";
import type { ImageSize } from "../../tensor/images.ts";

/** A file as it was read, unpacked. */
export interface LoadedFile {
  /** What the file is called in the data set; part of a run's identity, unlike its path. */
  readonly name: string;
  /** Where it was read from, for messages. */
  readonly origin: string;
  /** The content, unpacked. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the content. */
  readonly sha256: string;
}

/** A file whose content is known beforehand. */
export interface KnownFile {
  /** Its name, without ".gz". */
  readonly name: string;
  /** Bytes, unpacked. */
  readonly bytes: number;
  /** SHA-256 of the unpacked content: the same however the file is packed. */
  readonly sha256: string;
}

/** What all sources have in common. */
export interface CommonSource {
  /** Name of the data set, as in the config. */
  readonly name: string;
}

/** A source of files whose content is known beforehand. */
export interface KnownSource extends CommonSource {
  /**
   * The data set, made of the files in the order in which the source names them.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files do not hold or fit what they must
   */
  assemble(files: readonly LoadedFile[]): Dataset;
}

/** Files that stand on the network, with mirrors in the order in which they are tried. */
export interface PublishedSource extends KnownSource {
  /** Tells the kinds of sources apart. */
  readonly kind: "published";
  /** The files; `packedBytes` is what a download of the .gz takes, roughly: mirrors pack anew. */
  readonly files: readonly (KnownFile & { readonly packedBytes: number })[];
  /** Addresses to which a file's name and ".gz" are appended. */
  readonly mirrors: readonly string[];
}

/** Files that are made of JSON modules of an npm package, which comes with the program. */
export interface EmbeddedSource extends KnownSource {
  /** Tells the kinds of sources apart. */
  readonly kind: "embedded";
  /** What must come out of {@link EmbeddedSource.build}. */
  readonly files: readonly KnownFile[];
  /** Specifiers of the JSON modules. */
  readonly modules: readonly string[];
  /**
   * The content of the files, in their order, made of the modules' values.
   *
   * @throws {TypeError} if the values are not what they must be
   */
  build(values: readonly unknown[]): readonly Uint8Array<ArrayBuffer>[];
}

/** A file of the user's, gzip or plain: it is found by its path, its SHA-256, or both. */
export interface GivenFile {
  /** Name in the data set. */
  readonly name: string;
  /** Path of the file. */
  readonly path?: string;
  /** Whether ".gz" may follow the path. */
  readonly orPacked?: boolean;
  /** SHA-256 of the unpacked content, if the config pins it. */
  readonly sha256?: string;
}

/** Files of the user's, whose content is not known beforehand unless the config pins it. */
export interface GivenSource extends CommonSource {
  /** Tells the kinds of sources apart. */
  readonly kind: "given";
  /** The files, in the order of the data set. */
  readonly files: readonly GivenFile[];
  /**
   * The data set, read from the files as they are stored, in the order in which the source names
   * them.
   *
   * @throws {SyntaxError | TypeError | RangeError} if the files do not hold or fit what they must
   */
  load(files: readonly StoredFile[]): Promise<Dataset>;
}

/** What is made of pictures: images and labels to learn from, and to test on. */
export const PICTURE_FILES = ["images", "labels", "testImages", "testLabels"] as const;

/** Name of a file that is made of pictures. */
export type PictureFile = (typeof PICTURE_FILES)[number];

/** A folder of the user's with pictures, which are read as IDX files are. */
export interface PictureSource extends CommonSource {
  /** Tells the kinds of sources apart. */
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
  /** Tells the kinds of sources apart. */
  readonly kind: "generated";
  /** Computes the data set; its hashes are those of the samples. */
  generate(): Dataset;
}

/** Where the files of a data set come from. */
export type DatasetSource =
  | PublishedSource
  | EmbeddedSource
  | GeneratedSource
  | GivenSource
  | PictureSource;
