import { document, parallelCoordinates } from "deno-plot-svg";

/** Runs of a sweep: a line for each, a missing value leaves a gap, the best stands out. */
export function draw(): string {
  const optimizers = ["sgd", "momentum", "adam"];
  const runs = Array.from({ length: 12 }, (_, i) => ({
    name: `run ${i}`,
    values: [i % 3, [0.001, 0.01, 0.1][(i * 5) % 3] ?? 0, 32 << (i % 4), 94 + ((i * 7) % 12) / 3],
  }));
  const figure = parallelCoordinates({
    width: 480,
    height: 240,
    axes: [
      { title: "optimizer", ticks: optimizers.map((label, value) => ({ value, label })) },
      { title: "learning rate", scale: "log" },
      { title: "batch size" },
      { title: "accuracy (%)" },
    ],
    lines: [
      ...runs,
      { name: "without rate", values: [0, null, 64, 96] },
      { name: "best", values: [2, 0.01, 64, 98], tone: "orange", opacity: 1 },
    ],
  });
  return document(figure, {
    title: "Runs of a sweep",
    description: "14 runs over optimizer, learning rate, batch size and accuracy",
  });
}
