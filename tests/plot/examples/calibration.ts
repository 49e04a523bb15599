import { chart, document, dots, line, rule } from "deno-plot-svg";

/** A curve beside the diagonal on which it should lie. */
export function draw(): string {
  const x = [5, 25, 45, 65, 85, 98];
  const y = [9, 30, 44, 60, 78, 97];
  const figure = chart({
    width: 300,
    height: 300,
    x: { title: "confidence (%)", domain: [0, 100] },
    y: { title: "accuracy (%)", domain: [0, 100] },
    marks: [
      rule("diagonal"),
      rule({ x: 90 }, { label: "sure" }),
      line({ x, y }, { tone: "blue" }),
      dots({ x, y }, { tone: "blue" }),
    ],
  });
  return document(figure, {
    title: "Calibration",
    description: "Accuracy over confidence, near the diagonal, above it at low confidence",
  });
}
