/**
 * Data: file formats, data sets, splits, and the preprocessing of samples.
 *
 * @module
 */
export type * from "./dataset.ts";
export type { NamedSplit, SplitName, Values } from "./split/samples.ts";
export * from "./augment/mod.ts";
export { type Arrays, assembleArrays, type NumberArray } from "./datasets/arrays.ts";
export { type ArrayChanges, assembleIdx, type IdxFiles } from "./datasets/assemble.ts";
export type { CsvTableOptions } from "./datasets/csv.ts";
export type { EmnistOptions } from "./datasets/emnist.ts";
export type { FolderOptions } from "./datasets/folder.ts";
export type { Hashes } from "./datasets/given.ts";
export type { IdxOptions } from "./datasets/idx.ts";
export type { ImagesOptions } from "./datasets/images.ts";
export type { NpzOptions } from "./datasets/npz.ts";
export type { BlobsOptions } from "./datasets/plane/blobs.ts";
export type { CirclesOptions } from "./datasets/plane/circles.ts";
export type { PlaneOptions } from "./datasets/plane/plane.ts";
export type { SpiralsOptions } from "./datasets/plane/spirals.ts";
export { datasets, datasetTable } from "./datasets/mod.ts";
export type * from "./datasets/source.ts";
export type { TextLabels } from "./formats/classes.ts";
export type { Content } from "./formats/content.ts";
export type { Delimiter } from "./formats/csv.ts";
export type { DecimalMark } from "./formats/dialect.ts";
export type { StoredFile } from "./formats/gzip.ts";
export { type Idx, type IdxOf, readIdx, unpackIdx, writeIdx } from "./formats/idx.ts";
export { type Npy, readNpy } from "./formats/npy.ts";
export { type Npz, openNpz } from "./formats/npz.ts";
export { readTable, type SampleTable, type TableOptions } from "./formats/table.ts";
export { normalizations, normalizationTable } from "./normalize/mod.ts";
export type { StandardizeOptions } from "./normalize/standardize.ts";
export type { Normalizer } from "./normalize/normalizer.ts";
export type { CenterOptions } from "./prepare/center.ts";
export type { ImageMap, Preparer } from "./prepare/image.ts";
export { type Preparation, preparations, preparationTable } from "./prepare/mod.ts";
export type { PcaOptions } from "./reduce/pca.ts";
export { reductions, reductionTable } from "./reduce/mod.ts";
export type { Reducer } from "./reduce/reducer.ts";
export { type FoldOptions, stratifyFold } from "./split/folds.ts";
export { stratify, type StratifyOptions } from "./split/stratify.ts";
