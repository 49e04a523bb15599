import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import { columnsOf, optionLines, tableFacts, type TableFindings } from "../table.ts";
import { sentence } from "./facts.ts";

/** The columns of a table as they are read, before features are made of them. */
export function tableColumns(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Columns of the table",
    caption: `${
      tableFacts(findings).map(sentence).join(". ")
    }. Roles are guesses from names, types and values.`,
    span: 3,
    draw: (width) => table({ width, ...columnsOf(findings.profile) }),
  };
}

/** The options of the data set by which the table can be read. */
export function tableOptions(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Options of the data set",
    caption: "The lines of a config by which the table can be read.",
    span: 2,
    draw: (width) =>
      table({
        width,
        columns: [{ title: 'in "dataset"', align: "left" }],
        rows: optionLines(findings.options).map((line) => [line]),
      }),
  };
}
