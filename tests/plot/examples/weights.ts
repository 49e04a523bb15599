import {
  column,
  divergingBar,
  divergingImage,
  document,
  imageGrid,
  largestMagnitude,
  titled,
} from "deno-plot-svg";

/** Weights as images on one diverging scale, zero white. */
export function draw(): string {
  const side = 12;
  const units = Array.from(
    { length: 8 },
    (_, unit) =>
      Float64Array.from({ length: side * side }, (_, at) => {
        const [x, y] = [at % side - 5.5, Math.floor(at / side) - 5.5];
        return (x * ((unit % 3) - 1) + y * ((unit % 4) - 1.5)) / (4 + x * x + y * y);
      }),
  );
  const limit = largestMagnitude(units.flatMap((unit) => [...unit]));
  const tiles = units.map((values, unit) => ({
    name: `unit ${unit}`,
    image: divergingImage({ width: side, height: side, values }, limit),
  }));
  const grid = imageGrid({ width: 320, columns: 4, side: 68, gap: 10, tiles });
  const figure = titled(column([grid, divergingBar(limit, { width: 308 })], { gap: 14 }), {
    title: "First-layer weights",
    caption: "Each image is a unit: blue pixels speak against it, vermilion ones for it.",
  });
  return document(figure, {
    title: "First-layer weights",
    description: "Weights of eight units as images, each with one edge between signs",
  });
}
