import { column, label, space, table } from "deno-plot-svg";
import { formatNumber } from "../../../format/numbers.ts";
import type { Panel } from "../../../report/panel.ts";
import type { WorkedExample } from "../example.ts";
import { equationLines } from "../example_text.ts";
import type { Explanation } from "../explanation.ts";

/** Largest number of equations that are drawn. A longer worked example has its equations in the text only. */
const MOST_LINES = 160;

const COLUMNS = [
  { title: "number", align: "left" },
  { title: "value" },
  { title: "equation", align: "left" },
  { title: "in numbers", align: "left" },
] as const;

/** Title of the column with the central differences of gradients; other sections leave the column empty. */
const DIFFERENCE = "central difference";

/**
 * Returns the panel with every number of a small network beside its equation. Returns undefined for larger
 * networks, and if there are more than {@linkcode MOST_LINES} numbers.
 */
export function equationsPanel({ example }: Explanation): Panel | undefined {
  return example === undefined ? undefined : examplePanel(example);
}

/**
 * Returns the panel with every number of a worked example beside its equation. Returns undefined if there are
 * more than {@linkcode MOST_LINES} numbers.
 */
export function examplePanel(example: WorkedExample): Panel | undefined {
  const sections = example.sections.map((section) => ({
    title: section.note === undefined ? section.title : `${section.title}: ${section.note}`,
    rows: equationLines(section, example).map((line) => [
      line.name,
      line.value,
      line.symbols + (line.conditions.length === 0 ? "" : `, as ${line.conditions.join(", ")}`),
      line.numbers,
      line.difference ?? "",
    ]),
    hasDifferences: section.terms.some(({ gradientOf }) => gradientOf !== undefined),
  }));
  const sizing = [["", "", "", "", DIFFERENCE], ...sections.flatMap(({ rows }) => rows)];
  const lines = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  if (lines > MOST_LINES) return undefined;
  const [before] = example.valuesOf(example.loss.tensor);
  return {
    title: "Every number",
    caption: "Central differences are computed in double precision. " +
      `The update changes the loss from ${formatNumber(before, 9)} to ${
        formatNumber(example.lossAfter, 9)
      }.`,
    span: 3,
    draw: (width) =>
      column(sections.flatMap(({ title, rows, hasDifferences }) => [
        label(title, { bold: true, width }),
        table({
          width,
          columns: [...COLUMNS, { title: hasDifferences ? DIFFERENCE : "" }],
          rows,
          sizing,
        }),
        space(width, 16),
      ])),
  };
}
