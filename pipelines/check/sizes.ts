/**
 * Data of the right sizes without its content, for outlines.
 *
 * @module
 */
import type { Dataset, Normalization, Split, Splits } from "../../lib/data/dataset.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import type { KnownFile, LoadedFile } from "../../lib/data/datasets/source.ts";
import { split } from "../../lib/data/split/split.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import type { Prepared } from "../experiment/artifacts.ts";
import type { ExperimentConfig, OptionsOfStage } from "../experiment/stage_table.ts";

/** Pixels of an image of all data sets whose sizes are known. */
const PIXELS = 28;

/**
 * Returns a data set whose samples are all zero; undefined if the sizes of its files are not known before
 * they are read.
 */
export function blankDataset({ dataset }: OptionsOfStage<"load">): Dataset | undefined {
  const source = datasets.create(dataset);
  if (source.kind !== "published" && source.kind !== "embedded") return undefined;
  return source.assemble(source.files.map(blankFile));
}

/** Returns an IDX file of images or labels; labels are 0 to 9 in turn. */
function blankFile({ name, bytes, sha256 }: KnownFile): LoadedFile {
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

/** Returns what training would be given, with the sizes that the stages before it would give. */
export function blankPrepared(config: ExperimentConfig, dataset: Dataset): Prepared {
  const splitting = config.pipeline.find(({ stage }) => stage === "split");
  const splits: Splits = splitting?.stage === "split"
    ? split(dataset, { ...splitting, seed: config.seed })
    : { train: { samples: dataset.train, rows: allRows(dataset) } };
  return { dataset, splits, normalization: blankNormalization(config, splits.train) };
}

function allRows({ train: { count } }: Dataset): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

/** Returns a normalization that changes no number, and keeps as many components as the config says. */
function blankNormalization(config: ExperimentConfig, { samples }: Split): Normalization {
  const plain: Normalization = { name: "none", shift: 0, scale: 1 };
  const reducing = config.pipeline.find(({ stage }) => stage === "reduce");
  if (reducing?.stage !== "reduce") return plain;
  const { components } = reducing.method;
  const kept = components >= 1 ? components : sizeOf(samples.shape); // a share of the variance is unknown
  const empty = new Float32Array();
  const variances = new Float64Array();
  const scale = new Float32Array(kept);
  return { ...plain, reduction: { name: "pca", mean: empty, components: empty, scale, variances } };
}
