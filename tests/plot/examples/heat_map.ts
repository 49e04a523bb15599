import { document, heatMap } from "deno-plot-svg";

/** A confusion matrix with its numbers: right ones blue, mistakes vermilion. */
export function draw(): string {
  const names = ["Trouser", "Pullover & more", "Bag"];
  const counts = [[97, 2, 1], [0, 88, 12], [3, 0, 97]];
  const figure = heatMap({
    width: 360,
    rowTitle: "true class",
    columnTitle: "predicted class",
    rows: names,
    columns: names,
    cell: (row, column) => {
      const count = counts[row]?.[column] ?? 0;
      return {
        strength: row === column ? 0.8 : count / 12,
        tone: row === column ? "blue" : "orange",
        label: String(count),
        title: `${count} of ${names[row]} taken for ${names[column]}`,
      };
    },
  });
  return document(figure, {
    title: "Confusion matrix",
    description: "Three classes of 100 samples; 12 pullovers are taken for bags",
  });
}
