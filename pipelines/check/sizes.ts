/**
 * Placeholders for a data set, its splits and its normalization. They have the right sizes but no content, so
 * that a network can be described without loading data.
 *
 * @module
 */
import { defined } from "../../lib/config/defined.ts";
import type { Dataset, Normalization, Samples, Splits } from "../../lib/data/dataset.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import type { DatasetOutline, KnownFile, LoadedFile } from "../../lib/data/datasets/source.ts";
import { encodeSplits } from "../../lib/data/encode/encode.ts";
import { split } from "../../lib/data/split/split.ts";
import { type LoadOptions, outlineUserFiles } from "../../lib/io/datasets.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import type { Prepared } from "../experiment/artifacts.ts";
import { stageOptionsOf } from "../experiment/read_run.ts";
import type { ExperimentConfig } from "../experiment/stage_table.ts";

/** Height and width [pixels] of the images in all data sets whose sizes are known. */
const PIXELS = 28;

/**
 * Returns the outline of a config's data set: from the known sizes of published files, which are not read,
 * or from the beginnings of the user's files. Returns undefined if the sizes of the network depend on all
 * of the data, or the data is computed.
 *
 * @param where folders in which the user's files are found
 */
export async function outlineDataset(
  config: ExperimentConfig,
  where: LoadOptions,
): Promise<DatasetOutline | undefined> {
  const reducing = config.pipeline.find(({ stage }) => stage === "reduce");
  const isShareOfVariance = reducing?.stage === "reduce" && reducing.method.components < 1;
  if (isShareOfVariance) return undefined;
  const { dataset } = stageOptionsOf(config, "load", config.name);
  const source = datasets.create(dataset);
  if (source.kind === "given") {
    const outline = await outlineUserFiles(source, where);
    return outline && { ...outline, dataset: withEncodedShape(outline.dataset) };
  }
  if (source.kind !== "published" && source.kind !== "embedded") return undefined;
  return { dataset: source.assemble(source.files.map(placeholderFile)), share: 1 };
}

/**
 * Returns a copy of an outlined data set in which the samples of a table have the shape of the encoded
 * features; other data is returned unchanged. The table is encoded here, since the stage "split" would need
 * the values of all training rows, which an outline does not have.
 */
function withEncodedShape({ table, train, test, ...others }: Dataset): Dataset {
  if (table === undefined) return { ...others, train, ...defined({ test }) };
  const { shape, values } = train;
  const count = values.length / sizeOf(shape);
  const samples = { ...train, count };
  const { train: { samples: { encoded, shape: features } } } = encodeSplits(
    { train: { samples, rows: allRows(count) } },
    table,
  );
  const withShape = (samples: Samples) => ({
    ...samples,
    shape: features,
    ...defined({ encoded }),
  });
  return { ...others, train: withShape(train), ...defined({ test: test && withShape(test) }) };
}

/**
 * Returns an IDX file of the size of a known file, with placeholders as content: images of zeros or, unless
 * the name contains "images", the labels 0 to 9 over and over.
 */
function placeholderFile({ name, bytes, sha256 }: KnownFile): LoadedFile {
  const hasImages = name.includes("images");
  const content = new Uint8Array(bytes);
  const header = new DataView(content.buffer);
  header.setUint32(0, hasImages ? 0x803 : 0x801);
  if (hasImages) {
    header.setUint32(4, (bytes - 16) / PIXELS ** 2);
    header.setUint32(8, PIXELS);
    header.setUint32(12, PIXELS);
  } else {
    header.setUint32(4, bytes - 8);
    for (let i = 8; i < bytes; i++) content[i] = (i - 8) % 10;
  }
  return { name, origin: name, bytes: content, sha256 };
}

/**
 * Returns placeholders for the artifacts of the stages before training. Their sizes are correct, but their
 * values are not, since the stages are not computed.
 */
export function placeholderArtifacts(config: ExperimentConfig, dataset: Dataset): Prepared {
  const splitting = config.pipeline.find(({ stage }) => stage === "split");
  const splits: Splits = splitting?.stage === "split"
    ? split(dataset, { ...splitting, seed: config.seed })
    : { train: { samples: dataset.train, rows: allRows(dataset.train.count) } };
  return { dataset, splits, normalization: placeholderNormalization(config) };
}

/** Returns the row numbers of all samples of a data set. */
function allRows(count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

/**
 * Returns a placeholder for a config's normalization, for sizes only: it leaves features unchanged and, if
 * the config reduces features, has a reduction to the right number of components without any values.
 */
function placeholderNormalization(config: ExperimentConfig): Normalization {
  const plain: Normalization = { name: "none", shift: 0, scale: 1 };
  const reducing = config.pipeline.find(({ stage }) => stage === "reduce");
  if (reducing?.stage !== "reduce") return plain;
  const { components: kept } = reducing.method;
  const empty = new Float32Array();
  const variances = new Float64Array();
  const scale = new Float32Array(kept);
  return { ...plain, reduction: { name: "pca", mean: empty, components: empty, scale, variances } };
}
