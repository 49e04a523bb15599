import { type StoredFile, unpack } from "../formats/gzip.ts";
import { unpackIdx } from "../formats/idx.ts";
import { isNpy, npyContent, readNpy } from "../formats/npy.ts";
import { openNpz, readNpzBytes } from "../formats/npz.ts";
import { expectColumns, readTable, type TableOptions } from "../formats/table.ts";
import { isZip } from "../formats/zip.ts";
import { type Features, featuresOf } from "./arrays.ts";
import { readFeatures } from "./assemble.ts";
import type { TableEncoding } from "../dataset.ts";
import type { Dialect } from "../formats/dialect.ts";
import { readEncoded } from "./raw.ts";
import { featureArray, soleArray } from "./npz.ts";
import { defined } from "../../config/defined.ts";
import { sizeOf } from "../../tensor/tensor.ts";

export interface FeaturesOptions {
  /** Shape of a sample; its product is the number of features. */
  readonly shape: readonly number[];
  /** Names of the features, if they have any; those of a table must be the same. */
  readonly columns?: readonly string[] | undefined;
  readonly table: Omit<TableOptions, "features"> & Dialect;
  /** How features are made of the columns of a table, if they are not the columns themselves. */
  readonly encoding?: TableEncoding | undefined;
  /** Names that the array of a .npz file may have, the likeliest first; else the only one. */
  readonly arrays: readonly (string | undefined)[];
}

/** Samples without a fixed meaning of their labels, if they come with some. */
export interface ReadSamples extends Features {
  /** The label of each sample as a table has it. */
  readonly labels?: readonly string[];
  /** What a person should know of them. */
  readonly warnings?: readonly string[];
}

/**
 * The samples in a file: IDX, a .npy or .npz file, else a table. Its first bytes say which it is.
 *
 * A table's rows take the given shape; its column of labels need not be there.
 *
 * @param open opens the file; it is opened twice
 * @throws {SyntaxError | TypeError | RangeError} if it holds no samples; those of a table have the
 *     given number of features, others may have another shape
 */
export async function readSamples(
  open: () => Promise<StoredFile>,
  { shape, columns, table, encoding, arrays }: FeaturesOptions,
): Promise<ReadSamples> {
  const start = await startOf(await open());
  const file = await open();
  const { origin } = file;
  if (start[0] === 0 && start[1] === 0) {
    return readFeatures({ bytes: (await unpackIdx(file)).bytes, origin });
  }
  if (isZip(start)) {
    const npz = openNpz((await readNpzBytes(file)).bytes, origin);
    const named = arrays.find((name) => name !== undefined && npz.names.includes(name));
    const name = named ?? soleArray(npz, "features", [], origin);
    return featuresOf(featureArray(npz, name, origin));
  }
  if (isNpy(start)) {
    return featuresOf({ ...readNpy((await npyContent(file)).bytes, origin), origin });
  }
  if (encoding !== undefined) return { ...await readEncoded(file, table, encoding), shape };
  const features = sizeOf(shape);
  const { count, values, names, labels } = await readTable(file, { ...table, features });
  expectColumns({ origin, ...defined({ names }) }, columns, "training");
  const texts = labels && Array.from(labels.indices, (index) => labels.texts[index]);
  return { count, shape, values, ...defined({ labels: texts }) };
}

/** The first bytes of a file, unpacked. */
async function startOf(file: StoredFile): Promise<Uint8Array> {
  for await (const piece of (await unpack(file)).pieces) return piece;
  return new Uint8Array();
}
