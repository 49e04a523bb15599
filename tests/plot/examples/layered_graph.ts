import { document, layeredGraph } from "deno-plot-svg";

/** Two inputs, two sums and an output, with weights of both signs. */
export function draw(): string {
  const figure = layeredGraph({
    width: 560,
    layers: [
      [{ name: "x[1]", value: "0.5" }, { name: "x[2]", value: "−1" }],
      [
        { name: "z[1]", value: "1.25", notes: ["d 0.2"] },
        { name: "z[2]", value: "−0.1", notes: ["d −0.3", "b 0.5"] },
      ],
      [{ name: "L", value: "0.7", title: "the loss" }],
    ],
    edges: [
      { from: [0, 0], to: [1, 0], weight: 0.5, label: ["0.5", "0.1"], title: "W[1,1]" },
      { from: [0, 0], to: [1, 1], weight: -0.25, label: ["−0.25", "−0.15"] },
      { from: [0, 1], to: [1, 0], weight: -1, label: ["−1", "−0.2"] },
      { from: [0, 1], to: [1, 1], weight: 0, label: ["0", "0.3"] },
      { from: [1, 0], to: [2, 0] },
      { from: [1, 1], to: [2, 0] },
    ],
  });
  return document(figure, {
    title: "A graph in layers",
    description:
      "Two inputs, two sums and a loss, with a weight on each line between inputs and sums",
  });
}
