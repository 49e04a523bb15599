import { chart, document, dots, labels } from "deno-plot-svg";

/** Names beside points, moved round where they would cover others. */
export function draw(): string {
  const [x, y] = [[1, 2, 2.05, 2.1, 5, 6], [0.5, 0.4, 0.41, 0.4, NaN, 0.2]];
  const names = ["alone", "left", "middle", "right", "none", "at the edge"];
  const figure = chart({
    width: 360,
    height: 240,
    x: { title: "epoch" },
    y: { title: "loss (nats)" },
    marks: [dots({ x, y }), labels({ x, y }, { content: (i) => names[i] ?? "" })],
  });
  return document(figure, {
    title: "Named points",
    description: "Five points with their names, three of them close together",
  });
}
