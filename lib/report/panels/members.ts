import { table } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import { sweptRun } from "../../analysis/sweep/model.ts";
import type { Panel } from "../panel.ts";
import { membersTable } from "../../analysis/sweep/tables.ts";

/** The members of a committee beside the committee itself; nothing for other runs. */
export function members(record: RunRecord): Panel | undefined {
  if (record.members === undefined) return undefined;
  const { columns, rows } = membersTable(record.members, sweptRun([], record));
  return {
    title: "Members",
    caption:
      "What each member says alone, and below the mean of their probabilities. A dash where " +
      "members were not asked about the same samples.",
    span: 3,
    draw: (width) =>
      table({ width, columns, rows: rows.slice(0, -1), footer: rows.at(-1) as readonly string[] }),
  };
}
