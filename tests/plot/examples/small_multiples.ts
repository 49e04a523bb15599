import { band, document, line, smallMultiples } from "deno-plot-svg";

/** A small chart for each layer, all with the same axes. */
export function draw(): string {
  const epochs = Array.from({ length: 10 }, (_, i) => i);
  const layers = ["dense 1", "relu 1", "dense 2", "relu 2", "dense 3"];
  const figure = smallMultiples({
    width: 480,
    columns: 3,
    x: { title: "epoch" },
    y: { title: "activation" },
    facets: layers.map((title, layer) => {
      const middle = epochs.map((epoch) => (layer % 2) * 0.5 + epoch * 0.04 * (layer + 1));
      const spread = epochs.map((epoch) => 0.3 + epoch * 0.03 * layer);
      const edge = (side: number) => middle.map((value, i) => value + side * (spread[i] ?? 0));
      return {
        title,
        marks: [
          band({ x: epochs, low: edge(-1), high: edge(1) }, { tone: "blue", legend: "5 to 95 %" }),
          line({ x: epochs, y: middle }, { tone: "blue", legend: "median" }),
        ],
      };
    }),
  });
  return document(figure, {
    title: "Activations over epochs",
    description: "Median and spread of the activations of five layers; later layers spread more",
  });
}
