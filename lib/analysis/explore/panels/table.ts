import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import { columnsOf, optionLines, tableFacts, type TableFindings } from "../table.ts";
import { sentence } from "./facts.ts";

/** Draws the raw columns of a table, before encoding. */
export function tableColumns(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Table columns",
    caption: `${
      tableFacts(findings).map(sentence).join(". ")
    }. Roles are guesses from names, types and values.`,
    span: 3,
    draw: (width) => table({ width, ...columnsOf(findings.profile) }),
  };
}

/** Draws the options of the data set with which the table can be read. */
export function tableOptions(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Suggested options",
    caption: "Options of the data set with which a config can read the table.",
    span: 2,
    draw: (width) =>
      table({
        width,
        columns: [{ title: 'in "dataset"', align: "left" }],
        rows: optionLines(findings.options).map((line) => [line]),
      }),
  };
}
