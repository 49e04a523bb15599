/**
 * A profile as a table for terminals and pipes: plain text, no line longer than 100 columns.
 *
 * @module
 */

import type { Profile } from "./profile.ts";
import { rowsOf, timeByLayer } from "./rows.ts";
import type { Ceilings } from "./roofline.ts";

/** Columns of a table of text: words stand left, numbers right. */
export interface TextColumn {
  /** Heading. */
  readonly title: string;
  /** Which side texts stand on. */
  readonly align: "left" | "right";
  /** Texts longer than this are cut. */
  readonly most?: number;
}

/** A table of text, a rule below its headings. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = rows.map((row) =>
    columns.map(({ most = Infinity }, index) => shortened(row[index] ?? "", most))
  );
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index].length))
  );
  const line = (texts: readonly string[]) =>
    texts.map((text, index) => {
      const width = widths[index];
      return columns[index]?.align === "left" ? text.padEnd(width) : text.padStart(width);
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(columns.map(({ title }) => title)), rule, ...cells.map(line)];
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A number with three digits or so, and never in powers of ten. */
export function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : size >= 0.1 ? 2 : 3);
}

/** A share of the whole: 0.1834 → "18.3 %". */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "";
}

const OPERATIONS: readonly TextColumn[] = [
  { title: "pass", align: "left", most: 8 },
  { title: "layer", align: "left", most: 10 },
  { title: "operation", align: "left", most: 26 },
  { title: "µs", align: "right" },
  { title: "share", align: "right" },
  { title: "kFLOP", align: "right" },
  { title: "kB", align: "right" },
  { title: "GFLOP/s", align: "right" },
  { title: "GB/s", align: "right" },
  { title: "of roof", align: "right" },
];

/** Lines of a table of all operations, the longest first. */
export function operationTable(profile: Profile, ceilings: Ceilings): readonly string[] {
  const rows = rowsOf(profile, ceilings).map((row) => [
    row.pass,
    row.layer,
    row.operation,
    digits(row.time),
    percent(row.share),
    ...(Number.isNaN(row.roof) ? [] : [
      ...[row.flops / 1000, row.bytes / 1000, row.gflops, row.rate].map(digits),
      percent(row.roof),
    ]),
  ]);
  const flops = profile.operations.reduce((sum, { flops }) => sum + flops, 0);
  const bytes = profile.operations.reduce((sum, { bytes }) => sum + bytes, 0);
  const all = [
    "all",
    "",
    "",
    digits(profile.time),
    percent(1),
    ...[flops / 1000, bytes / 1000, flops / profile.time / 1000, bytes / profile.time / 1000]
      .map(digits),
  ];
  return textTable(OPERATIONS, [...rows, all]);
}

/** Lines of a table of the time of each pass and layer, in the order in which they run. */
export function layerTable(profile: Profile): readonly string[] {
  const columns: readonly TextColumn[] = [
    { title: "pass", align: "left" },
    { title: "layer", align: "left" },
    { title: "µs", align: "right" },
    { title: "share", align: "right" },
  ];
  const rows = timeByLayer(profile).map((
    { pass, layer, time, share },
  ) => [pass, layer, digits(time), percent(share)]);
  return textTable(columns, rows);
}
