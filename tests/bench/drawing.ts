/**
 * Results of a benchmark as a page.
 *
 * @module
 */
import { barList, column, document, type Figure, label, paragraph, space } from "deno-plot-svg";
import { formatMeasured } from "../../lib/format/numbers.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { MARGIN, PAGE } from "../../lib/report/grid.ts";
import { OURS } from "./contestants.ts";
import type { KernelResults } from "./kernels.ts";
import type { Comparison } from "./rounds.ts";
import { amount } from "./tables.ts";

/** Results of a benchmark. */
export interface BenchResults {
  readonly kernels?: KernelResults;
  readonly comparisons: readonly Comparison[];
  /** Machine, threads and rounds, in a line. */
  readonly description: string;
}

/** The page as an SVG file. */
export function benchDrawing({ kernels, comparisons, description }: BenchResults): string {
  const sections = [
    ...comparisons.map(comparisonFigure),
    ...(kernels === undefined ? [] : [kernelFigure(kernels)]),
  ];
  const page = column([
    paragraph("Benchmark", PAGE, { size: 26, bold: true }),
    paragraph(description, PAGE, { size: 14, tone: "muted" }),
    ...sections.flatMap((section) => [space(PAGE, 24), section]),
  ]);
  return document(page, { title: "Benchmark", description, margin: MARGIN });
}

/** A section: heading, what its bars are, and the bars. */
function section(title: string, caption: string, bars: Figure): Figure {
  return column([
    label(title, { size: 15, bold: true }),
    paragraph(caption, PAGE, { tone: "muted" }),
    space(PAGE, 8),
    bars,
  ]);
}

function comparisonFigure(comparison: Comparison): Figure {
  const { quantity: { title, unit, isRate }, measured } = comparison;
  const counted = measured.filter(({ fault, median }) =>
    fault === undefined && Number.isFinite(median)
  );
  const items = counted.map(({ name, median, low, high }) => ({
    name,
    value: median,
    label: `${amount(comparison, median)}  (${amount(comparison, low)} to ${
      amount(comparison, high)
    })`,
    tone: name === OURS ? "blue" as const : "muted" as const,
  })).sort((a, b) => isRate ? b.value - a.value : a.value - b.value);
  const caption = `${unit}: medians, and the least and the most; ${
    isRate ? "more" : "less"
  } is better.`;
  return section(title, caption, barList({ width: PAGE, items }));
}

function kernelFigure({ kernels, ceilings }: KernelResults): Figure {
  const items = kernels.map(({ name, roof, gflops, rate, time }) => ({
    name,
    value: roof,
    label: `${formatPercent(roof, 1, PLAIN)} · ${formatMeasured(gflops)} GFLOP/s · ${
      formatMeasured(rate)
    } GB/s · ${formatMeasured(time)} µs`,
  }));
  const memory = ceilings.memory.map(({ bytes, rate }) =>
    `${formatMeasured(rate)} GB/s in ${bytes / 2 ** 20} MiB`
  );
  const caption = `Share of what the measured ceilings permit: ${
    formatMeasured(ceilings.compute)
  } GFLOP/s; ${memory.join(", ")}.`;
  return section("Kernels", caption, barList({ width: PAGE, items, most: 1 }));
}
