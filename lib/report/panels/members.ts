import { table } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import { scoredRun } from "../../run/scored_run.ts";
import type { Panel } from "../panel.ts";
import { runsTable } from "../runs/table.ts";

/** The members of an ensemble beside the ensemble itself; nothing for other runs. */
export function members(record: RunRecord): Panel | undefined {
  const { members } = record;
  if (members === undefined) return undefined;
  const keys = [...new Set(members.flatMap(({ settings }) => settings.map(({ key }) => key)))];
  const { columns, rows } = runsTable(keys, [...members, scoredRun([], record)]);
  const [, ...last] = rows[members.length];
  return {
    title: "Members",
    caption:
      "What each member says alone, and below the mean of their probabilities. A dash where " +
      "members were not asked about the same samples.",
    span: 3,
    draw: (width) =>
      table({ width, columns, rows: rows.slice(0, -1), footer: ["ensemble", ...last] }),
  };
}
