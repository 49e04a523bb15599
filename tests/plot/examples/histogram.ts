import { binned, chart, document, histogram } from "deno-plot-svg";

/** Two distributions over each other, in bins whose edges are round numbers. */
export function draw(): string {
  const bell = Array.from({ length: 300 }, (_, i) => {
    const turn = (i * 0.618034) % 1;
    return ((i % 17) + (i % 11) + (i % 7) + turn) / 16 - 1;
  });
  const domain = [-1.4, 1.4] as const;
  const figure = chart({
    width: 360,
    height: 240,
    x: { title: "weight" },
    y: { title: "weights a bin" },
    marks: [
      histogram(binned(bell, { domain, count: 14 }), {
        tone: "muted",
        opacity: 0.45,
        legend: "before training",
      }),
      histogram(binned(bell.map((value) => value / 2 + 0.3), { domain, count: 14 }), {
        tone: "blue",
        opacity: 0.6,
        legend: "after training",
      }),
    ],
  });
  return document(figure, {
    title: "Distribution of weights",
    description: "Training makes the distribution narrower and moves it to the right",
  });
}
