import { table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import { describeTable, formatOptions, profileTable, type TableFindings } from "../table.ts";
import { capitalize } from "./facts.ts";

/**
 * Returns the panel with facts about each column of a table, as read from its file. Returns undefined if the
 * data are not a table.
 */
export function tableColumnsPanel(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Table columns",
    caption: `${
      describeTable(findings).map(capitalize).join(". ")
    }. Roles are guesses from names, types and values.`,
    span: 3,
    draw: (width) => table({ width, ...profileTable(findings.profile) }),
  };
}

/**
 * Returns the panel with the suggested options for reading a table. Returns undefined if the data are not a
 * table.
 */
export function tableOptionsPanel(findings: TableFindings | undefined): Panel | undefined {
  if (findings === undefined) return undefined;
  return {
    title: "Suggested options",
    caption: "Options of the data set with which a config can read the table.",
    span: 2,
    draw: (width) =>
      table({
        width,
        columns: [{ title: 'in "dataset"', align: "left" }],
        rows: formatOptions(findings.options).map((line) => [line]),
      }),
  };
}
