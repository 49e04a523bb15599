import { chart, contour, document, raster, scatter, tintedImage } from "deno-plot-svg";

/** A function of the plane as an image of its signs, the line where it is zero, and points over both. */
export function draw(): string {
  const side = 40;
  const extent = { x: [-2, 2], y: [-1, 3] } as const;
  const cells = Array.from({ length: side * side }, (_, cell) => ({
    x: -2 + 4 * (cell % side + 0.5) / side,
    y: 3 - 4 * (Math.floor(cell / side) + 0.5) / side,
  }));
  const values = cells.map(({ x, y }) => y - x * x);
  const image = tintedImage({
    width: side,
    height: side,
    classes: values.map((value) => value > 0 ? 0 : 1),
    strengths: values.map((value) => Math.abs(value) / 2),
  });
  const points = Array.from({ length: 12 }, (_, i) => ({ x: (i * 7 % 12) / 4 - 1.5, y: i / 4 }));
  const figure = chart({
    width: 320,
    height: 340,
    x: { title: "x" },
    y: { title: "y", nice: false },
    marks: [
      raster(image, extent, { name: "above the parabola blue, below it vermilion" }),
      contour({ width: side, height: side, values }, extent, { legend: "y = x²" }),
      ...scatter({
        x: points.map(({ x }) => x),
        y: points.map(({ y }) => y),
        classes: points.map(({ x, y }) => y > x * x ? 0 : 1),
      }, { names: ["above", "below"], opacity: 1 }),
    ],
  });
  return document(figure, {
    title: "Above and below a parabola",
    description: "The plane tinted by the sign of y − x², with the parabola and twelve points",
  });
}
