import { column, document, table } from "deno-plot-svg";

/** Tables: numbers right and words left, with a footer, and with notes below the rows. */
export function draw(): string {
  const columns = [{ title: "class", align: "left" }, { title: "recall" }, {
    title: "samples",
  }] as const;
  const long = "a class whose name is far too long for the table";
  const figure = column([
    table({
      width: 300,
      columns,
      rows: [[long, "97.10", "1,000"], ["b", "–", "0"]],
      footer: ["mean", "97.10", "1,000"],
    }),
    table({
      width: 300,
      columns,
      rows: [["a", "97.10", "1,000"], ["b", "–", "0"]],
      notes: [["", "95.9–98.0", ""], ["", "", ""]],
      footer: ["mean", "97.10", "1,000"],
    }),
  ], { gap: 24 });
  return document(figure, {
    title: "Recall by class",
    description: "Recall of two classes with their mean, without and with intervals",
  });
}
