/**
 * Results of a benchmark as tables: for terminals and, of comparisons, in Markdown.
 *
 * @module
 */
import { formatCount, formatMeasured } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatTable, left, right } from "../../lib/format/text_table.ts";
import { OURS } from "./contestants.ts";
import type { KernelResult } from "./kernels.ts";
import { type Comparison, fastestPeer, type Measured, speedup } from "./rounds.ts";

/** Lines of the table of kernels. */
export function kernelTable(kernels: readonly KernelResult[]): readonly string[] {
  return formatTable({
    columns: [
      { ...left("operation"), maxLength: 54 },
      ...["µs", "spread", "GFLOP/s", "GB/s", "of roof"].map(right),
    ],
    rows: kernels.map(({ name, time, spread, gflops, rate, roof }) => [
      name.replaceAll(/: matmul$/g, ""),
      formatMeasured(time),
      formatPercent((spread.high - spread.low) / spread.median, 1, PLAIN),
      ...[gflops, rate].map(formatMeasured),
      formatPercent(roof, 1, PLAIN),
    ]),
  });
}

/** A number of a row with as many digits as it is worth. */
export function amount({ quantity: { unit } }: Comparison, value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value >= 1000
    ? formatCount(value)
    : unit === "s"
    ? value.toFixed(2)
    : formatMeasured(value);
}

/** Lines of the table of all that was measured, with spreads and accuracies. */
export function comparisonTable(comparisons: readonly Comparison[]): readonly string[] {
  return comparisons.flatMap((comparison) => {
    const { quantity: { title, unit }, measured } = comparison;
    const rows = measured.map((each) => [
      each.name,
      ...[each.median, each.low, each.high].map((value) => amount(comparison, value)),
      each.accuracy === undefined ? "" : formatPercent(each.accuracy, 1, PLAIN),
      each.name === OURS || each.values.length === 0
        ? ""
        : `${speedup(comparison, each).toFixed(2)} ×`,
    ]);
    const columns = [
      left(unit),
      ...["median", "least", "most", "test", "speed, ours ÷ its"].map(right),
    ];
    const faults = measured.flatMap(({ name, fault }) =>
      fault === undefined ? [] : [`  ${name} does not count: ${fault}`]
    );
    return [title, "", ...formatTable({ columns, rows }), ...faults, ""];
  });
}

/**
 * Lines of a table in Markdown, as the README has it: a row for each quantity, a column for each library
 * with its fastest variant, the fastest of all in bold.
 */
export function markdownTable(comparisons: readonly Comparison[]): readonly string[] {
  const peers = comparisons.flatMap(({ measured }) => measured.map(({ library }) => library));
  const libraries = [...new Set(peers)].filter((library) => library !== OURS);
  const last = libraries.length === 0 ? [] : ["speed, ours ÷ fastest peer"];
  const rows = comparisons.map((comparison) => {
    const { quantity: { title, unit }, measured } = comparison;
    const own = measured.find(({ name }) => name === OURS);
    const best = fastestPeer(comparison);
    const factor = best === undefined ? NaN : speedup(comparison, best);
    const cell = (each: Measured | undefined, isBest: boolean) => {
      if (each === undefined) return "";
      const text = amount(comparison, each.median);
      return isBest ? `**${text}**` : text;
    };
    return [
      `${title}, ${unit}`,
      cell(own, !(factor < 1)),
      ...libraries.map((library) => {
        const fastest = fastestPeer(comparison, library);
        return cell(fastest, fastest !== undefined && fastest === best && factor < 1);
      }),
      ...last.map(() => best === undefined ? "" : `${factor.toFixed(2)} ×`),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["Work", OURS, ...libraries, ...last];
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
