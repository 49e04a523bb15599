/**
 * Reading of samples without a data set, for predictions, from files of any supported format.
 *
 * @module
 */
import { decompress, type StoredFile } from "../formats/gzip.ts";
import { unpackIdx } from "../formats/idx.ts";
import { isNpy, readNpy, readNpyBytes } from "../formats/npy.ts";
import { openNpz, readNpzBytes } from "../formats/npz.ts";
import { checkColumnNames, readTable, type TableOptions } from "../formats/table.ts";
import { isZip } from "../formats/zip.ts";
import { type Features, toFeatures } from "./arrays.ts";
import { readFeatures } from "./assemble.ts";
import type { TableEncoding } from "../dataset.ts";
import type { Dialect } from "../formats/dialect.ts";
import { readEncodedSamples } from "./raw.ts";
import { findOnlyArray, readFeatureArray } from "./npz.ts";
import { defined } from "../../config/defined.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Options of {@linkcode readSamples}. */
export interface FeaturesOptions {
  /** Shape of a sample. The product of its lengths is the number of features. */
  readonly shape: readonly number[];
  /**
   * Expected names of the features. They are compared with the names in a table, if the table has names.
   */
  readonly columns?: readonly string[] | undefined;
  /** Options of reading a table. */
  readonly table: Omit<TableOptions, "features"> & Dialect;
  /** Encoding of a table's columns as features. Defaults to one feature per column. */
  readonly encoding?: TableEncoding | undefined;
  /**
   * Preferred names of the array in a .npz file: the file's array with the first of these names is read,
   * and undefined names are skipped. If the file has none of them, its only array of 2 or more dimensions
   * is read.
   */
  readonly arrays: readonly (string | undefined)[];
}

/**
 * Features of samples that were read from a file, with their labels if the file is a table that has labels.
 */
export interface ReadSamples extends Features {
  /** Label of each sample, as a text. Absent if the file has no labels. */
  readonly labels?: readonly string[];
  /** Warnings for the user. */
  readonly warnings?: readonly string[];
}

/**
 * Reads samples without a data set from a file: IDX, .npy, .npz or a table. The format is detected from the
 * first bytes.
 *
 * Samples of a table get the shape in the options, and its label column may be missing. In other formats
 * the shape is that of the file and is not compared with the options.
 *
 * @param open opens the file. It is called twice
 * @throws {SyntaxError | TypeError | RangeError} if the file is malformed or has no samples, or a table has
 *     the wrong number of features
 */
export async function readSamples(
  open: () => Promise<StoredFile>,
  { shape, columns, table, encoding, arrays }: FeaturesOptions,
): Promise<ReadSamples> {
  const start = await readFirstBytes(await open());
  const file = await open();
  const { origin } = file;
  if (start[0] === 0 && start[1] === 0) {
    return readFeatures({ bytes: (await unpackIdx(file)).bytes, origin });
  }
  if (isZip(start)) {
    const npz = openNpz((await readNpzBytes(file)).bytes, origin);
    const named = arrays.find((name) => name !== undefined && npz.names.includes(name));
    const name = named ?? findOnlyArray(npz, "features", [], origin);
    return toFeatures(readFeatureArray(npz, name, origin));
  }
  if (isNpy(start)) {
    return toFeatures({ ...readNpy((await readNpyBytes(file)).bytes, origin), origin });
  }
  if (encoding !== undefined) return { ...await readEncodedSamples(file, table, encoding), shape };
  const features = sizeOf(shape);
  const { count, values, names, labels } = await readTable(file, { ...table, features });
  checkColumnNames({ origin, ...defined({ names }) }, columns, "training");
  const texts = labels && Array.from(labels.indices, (index) => labels.texts[index]);
  return { count, shape, values, ...defined({ labels: texts }) };
}

/** Returns the first piece of a file's decompressed content, or no bytes if it is empty. */
async function readFirstBytes(file: StoredFile): Promise<Uint8Array> {
  for await (const piece of (await decompress(file)).pieces) return piece;
  return new Uint8Array();
}
