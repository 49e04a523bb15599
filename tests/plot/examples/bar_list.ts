import { barList, document } from "deno-plot-svg";

/** Named bars with their numbers; a long name is cut. */
export function draw(): string {
  const figure = barList({
    width: 360,
    items: [
      { name: "the longest of all names, which is cut", value: 8, label: "8 µs", tone: "orange" },
      { name: "half", value: 4, label: "4 µs", title: "half of the longest" },
      { name: "nothing", value: 0, label: "0 µs" },
      { name: "unknown", value: NaN, label: "–" },
    ],
  });
  return document(figure, {
    title: "Time of operations",
    description: "Four operations, the longest takes 8 microseconds",
  });
}
