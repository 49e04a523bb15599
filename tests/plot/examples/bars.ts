import { bars, chart, document } from "deno-plot-svg";

/** Bars over numbers, one of them missing. */
export function draw(): string {
  const figure = chart({
    width: 360,
    height: 240,
    x: { title: "component", count: 6 },
    y: { title: "share of variance (%)" },
    marks: [bars({ x: [1, 2, 3, 4, 5, 6], y: [35, 23, 18, null, 6, 1] })],
  });
  return document(figure, {
    title: "Share of variance",
    description: "Six components, the first with 35 % of the variance, the fourth unknown",
  });
}
