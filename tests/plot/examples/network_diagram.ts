import { document, networkDiagram } from "deno-plot-svg";

/** A network with a residual block: shapes, parameters, and a legend of kinds. */
export function draw(): string {
  const figure = networkDiagram({
    width: 380,
    layers: [
      { title: "input", shape: [28, 28], parameters: 0, kind: "data" },
      { title: "dense", shape: [128], parameters: 100_480, kind: "weights" },
      { title: "relu", shape: [128], parameters: 0, kind: "activation" },
      {
        title: "residual",
        shape: [128],
        parameters: 16_768,
        kind: "weights",
        block: [
          { title: "batch norm", shape: [128], parameters: 256, kind: "normalization" },
          { title: "dense", shape: [128], parameters: 16_512, kind: "weights" },
          { title: "relu", shape: [128], parameters: 0, kind: "activation" },
        ],
      },
      { title: "dropout 0.2", shape: [128], parameters: 0, kind: "noise" },
      { title: "dense", shape: [10], parameters: 1_290, kind: "weights" },
      { title: "softmax", shape: [10], parameters: 0, kind: "activation" },
    ],
  });
  return document(figure, {
    title: "A network of 118,538 parameters",
    description: "784 pixels, dense 128, a residual block of width 128, dropout, dense 10, softmax",
  });
}
