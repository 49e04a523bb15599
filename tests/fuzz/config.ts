/** A small config of which each stage has some options; the cases of configs are made of it. */
export const CONFIG = {
  name: "tiny",
  seed: 1,
  pipeline: [
    {
      stage: "load",
      dataset: { name: "csv", path: "data/train.csv", test: "data/test.csv", label: "kind" },
    },
    { stage: "split", validation: 12 },
    { stage: "normalize", method: { name: "standardize", per: "feature" } },
    { stage: "reduce", method: { name: "pca", components: 2 } },
    {
      stage: "train",
      layers: [
        { name: "dense", units: 6 },
        { name: "batchNorm" },
        { name: "residual", layers: [{ name: "relu" }, { name: "dense", units: 6 }] },
        { name: "dense", units: 3 },
      ],
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
