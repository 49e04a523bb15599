/**
 * Samples to predict, from files of any supported format.
 *
 * @module
 */
import { decompress, type StoredFile } from "../formats/gzip.ts";
import { unpackIdx } from "../formats/idx.ts";
import { isNpy, readNpy, readNpyContent } from "../formats/npy.ts";
import { openNpz, readNpzBytes } from "../formats/npz.ts";
import { expectColumns, readTable, type TableOptions } from "../formats/table.ts";
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
  /** Shape of a sample; its product is the number of features. */
  readonly shape: readonly number[];
  /** Names of the features, which a table must have too. */
  readonly columns?: readonly string[] | undefined;
  readonly table: Omit<TableOptions, "features"> & Dialect;
  /** Encoding of table columns as features. Defaults to one feature per column. */
  readonly encoding?: TableEncoding | undefined;
  /** Possible names of the array in a .npz file, the likeliest first. Defaults to the only array. */
  readonly arrays: readonly (string | undefined)[];
}

/** Samples of a file, with the labels that a table may have. */
export interface ReadSamples extends Features {
  /** Label of each sample, as a text of a table. */
  readonly labels?: readonly string[];
  /** Warnings for the user. */
  readonly warnings?: readonly string[];
}

/**
 * Reads the samples of a file: IDX, .npy, .npz or a table. Its first bytes decide the format.
 *
 * Rows of a table take the shape in the options; its column of labels may be missing.
 *
 * @param open opens the file; called twice
 * @throws {SyntaxError | TypeError | RangeError} if the file has no samples, or a table has another number
 *     of features. Samples of other formats may have another shape
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
    return toFeatures({ ...readNpy((await readNpyContent(file)).bytes, origin), origin });
  }
  if (encoding !== undefined) return { ...await readEncodedSamples(file, table, encoding), shape };
  const features = sizeOf(shape);
  const { count, values, names, labels } = await readTable(file, { ...table, features });
  expectColumns({ origin, ...defined({ names }) }, columns, "training");
  const texts = labels && Array.from(labels.indices, (index) => labels.texts[index]);
  return { count, shape, values, ...defined({ labels: texts }) };
}

/** Returns the first bytes of a file's content. */
async function readFirstBytes(file: StoredFile): Promise<Uint8Array> {
  for await (const piece of (await decompress(file)).pieces) return piece;
  return new Uint8Array();
}
