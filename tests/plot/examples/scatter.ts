import { chart, document, scatter } from "deno-plot-svg";

/** Points in the colours and shapes of their classes, the legend below. */
export function draw(): string {
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  const classes = Array.from({ length: 200 }, (_, i) => i % 10);
  const figure = chart({
    width: 360,
    height: 320,
    x: { title: "component 1", nice: true },
    y: { title: "component 2" },
    marks: scatter({
      x: classes.map((digit, i) => 3 * ((digit * 7) % 10) / 10 + ((i * 29) % 23) / 40),
      y: classes.map((digit, i) => 2 * ((digit * 3) % 7) / 7 + ((i * 13) % 19) / 40),
      classes,
    }, { names, title: (i) => `row ${i}` }),
  });
  return document(figure, {
    title: "Last hidden layer",
    description: "200 samples of ten digits in the plane of two components, a cluster for each",
  });
}
