import { table } from "deno-plot-svg";
import type { RunRecord } from "../../run/record.ts";
import { scoredRun } from "../../run/scored_run.ts";
import type { Panel } from "../panel.ts";
import { runsTable } from "../runs/table.ts";

/** Returns the panel with the scores of an ensemble and its members; undefined for other runs. */
export function members(record: RunRecord): Panel | undefined {
  const { members } = record;
  if (members === undefined) return undefined;
  const keys = [...new Set(members.flatMap(({ settings }) => settings.map(({ key }) => key)))];
  const { columns, rows } = runsTable(keys, [...members, scoredRun([], record)]);
  const [, ...last] = rows[members.length];
  return {
    title: "Members",
    caption:
      "Scores of each member, and of the ensemble, which averages the members' probabilities. The ensemble's " +
      "row has a dash where its members were evaluated on different samples.",
    span: 3,
    draw: (width) =>
      table({ width, columns, rows: rows.slice(0, -1), footer: ["ensemble", ...last] }),
  };
}
