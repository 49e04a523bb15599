/** A run of milliseconds, on small files of the user's own. */
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import { brightSamples } from "../train/toy.ts";

/** A config of small files of the user's own, see {@linkcode tinyData}. */
export const TINY = {
  name: "tiny",
  seed: 1,
  pipeline: [
    {
      stage: "load",
      dataset: {
        name: "idx",
        images: "data/images",
        labels: "data/labels",
        testImages: "data/test-images",
        testLabels: "data/test-labels",
      },
    },
    { stage: "split", validation: 12 },
    { stage: "normalize", method: { name: "unit" } },
    {
      stage: "train",
      layers: [{ name: "dense", units: 6 }, { name: "relu" }, { name: "dense", units: 3 }],
      loss: { name: "softmaxCrossEntropy" },
      optimizer: { name: "momentum" },
      learningRate: { name: "constant", rate: 0.05 },
      epochs: 2,
      batchSize: 16,
    },
    { stage: "evaluate", on: ["validation", "test"] },
    { stage: "report" },
  ],
} as const;

/** The data by its paths: 60 samples to learn from, 30 to test on. */
export function tinyData(): Readonly<Record<string, Uint8Array<ArrayBuffer>>> {
  const { values, labels } = brightSamples(90);
  const images = (from: number, to: number): Idx => (
    {
      type: "u8",
      shape: [to - from, 2, 7],
      values: Uint8Array.from(values.slice(from * 14, to * 14)),
    }
  );
  const classes = (from: number, to: number): Idx => (
    { type: "u8", shape: [to - from], values: Uint8Array.from(labels.slice(from, to)) }
  );
  return {
    "data/images": writeIdx(images(0, 60)),
    "data/labels": writeIdx(classes(0, 60)),
    "data/test-images": writeIdx(images(60, 90)),
    "data/test-labels": writeIdx(classes(60, 90)),
  };
}
