import { chart, document, intervals, labels, rule } from "deno-plot-svg";

/** Means with their intervals, each with its name, beside a reference line. */
export function draw(): string {
  const runs = ["small", "medium", "large", "huge"];
  const x = [12_000, 101_770, 535_818, 2_913_290];
  const y = [94.1, 97.8, 98.3, 98.4];
  const figure = chart({
    width: 360,
    height: 240,
    x: { title: "parameters (log scale)", scale: "log", domain: [8_000, 5_000_000] },
    y: { title: "accuracy (%)", domain: [93, 99] },
    marks: [
      rule({ y: 98 }, { label: "goal" }),
      intervals({ x, y, low: [93.6, 97.5, 98.1, null], high: [94.5, 98.1, 98.6, null] }, {
        tone: "blue",
        title: (i) => `${runs[i]}: ${y[i]} %`,
      }),
      labels({ x, y }, { content: (i) => runs[i] ?? "", gap: 8 }),
    ],
  });
  return document(figure, {
    title: "Accuracy over parameters",
    description: "Accuracy rises from 94.1 % to 98.4 %, the interval of the largest is unknown",
  });
}
