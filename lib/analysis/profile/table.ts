/**
 * Formats a profile as plain-text tables with lines of at most 100 characters.
 *
 * @module
 */

import type { Profile } from "./profile.ts";
import { profileRows, timeByLayer } from "./rows.ts";
import type { Ceilings } from "./roofline.ts";
import { formatMeasured } from "../../format/numbers.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import { sum } from "../../tensor/math/statistics.ts";
import { formatTable, left, right, type TextColumn } from "../../format/text_table.ts";

const OPERATIONS: readonly TextColumn[] = [
  { ...left("pass"), maxLength: 8 },
  { ...left("layer"), maxLength: 10 },
  { ...left("operation"), maxLength: 26 },
  right("µs"),
  right("share"),
  right("kFLOP"),
  right("kB"),
  right("GFLOP/s"),
  right("GB/s"),
  right("of roof"),
];

/** Formats the table of operations as lines, the longest time first. The last line has the totals. */
export function formatOperationTable(profile: Profile, ceilings: Ceilings): readonly string[] {
  const rows = profileRows(profile, ceilings).map((row) => [
    row.pass,
    row.layer,
    row.operation,
    formatMeasured(row.time),
    formatPercent(row.share, 1, PLAIN),
    ...(Number.isNaN(row.roof) ? [] : [
      ...[row.flops / 1000, row.bytes / 1000, row.gflops, row.rate].map(formatMeasured),
      formatPercent(row.roof, 1, PLAIN),
    ]),
  ]);
  const flops = sum(profile.operations.map(({ flops }) => flops));
  const bytes = sum(profile.operations.map(({ bytes }) => bytes));
  const all = [
    "all",
    "",
    "",
    formatMeasured(profile.time),
    formatPercent(1, 1, PLAIN),
    ...[flops / 1000, bytes / 1000, flops / profile.time / 1000, bytes / profile.time / 1000]
      .map(formatMeasured),
  ];
  return formatTable({ columns: OPERATIONS, rows: [...rows, all] });
}

/** Formats the table of the time of each pass through each layer as lines, in the order of execution. */
export function formatLayerTable(profile: Profile): readonly string[] {
  const columns = [left("pass"), left("layer"), right("µs"), right("share")];
  const rows = timeByLayer(profile).map(({ pass, layer, time, share }) => [
    pass,
    layer,
    formatMeasured(time),
    formatPercent(share, 1, PLAIN),
  ]);
  return formatTable({ columns, rows });
}
