import { column, type Figure, paragraph, space } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { members, textOf } from "./config.ts";
import { PAGE } from "./grid.ts";
import { resultLine } from "./result.ts";

/** Folder, name and description of the run, its result in a line, and what to know of the data. */
export function header(record: RunRecord): Figure {
  const { description } = members(record.config);
  const about = textOf(description);
  return column([
    paragraph(record.run, PAGE, { tone: "muted" }),
    paragraph(titleOf(record), PAGE, { size: 26, bold: true }),
    ...(about === undefined ? [] : [paragraph(about, PAGE, { size: 14, tone: "muted" })]),
    space(PAGE, 14),
    paragraph(resultLine(record), PAGE, { size: 20 }),
    ...(record.note === undefined
      ? []
      : [space(PAGE, 6), paragraph(`Note: ${record.note}`, PAGE, { size: 14, tone: "orange" })]),
  ]);
}

/** The name of the run as its config says, else that of its folder. */
export function titleOf({ config, run }: RunRecord): string {
  return textOf(members(config).name) ?? run;
}
