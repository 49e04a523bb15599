import { bars, chart, type Figure, line, type Mark, rule } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { varianceShares } from "../../data/reduce/pca.ts";
import type { RunRecord } from "../../run/record.ts";
import { CHART_HEIGHT } from "../curves.ts";
import type { Panel } from "../panel.ts";

/** Up to so many components each has a bar; more would run into each other, and have a line. */
const MOST_BARS = 60;

/** Components are shown up to this share of the variance, and in any case those that are kept. */
const SHOWN_SHARE = 0.99;

/**
 * Scree plot (Cattell, 1966): the share of the variance that each component has, and all up to it
 * together; the last one that is kept is marked. None without variance.
 */
export function scree({ reduction }: RunRecord): Panel | undefined {
  if (reduction === undefined) return undefined;
  const { kept, variances } = reduction;
  if (variances.every((variance) => variance === 0)) return undefined;
  const shares = varianceShares(variances);
  const sums = runningSums(shares);
  const shown = Math.max(kept, countUpTo(SHOWN_SHARE, sums));
  return {
    title: "Components",
    caption: "Share of the variance that each component has, and all up to it. The network sees " +
      `${formatCount(kept)} of ${formatCount(variances.length)}, with ` +
      `${formatPercent(sums[kept - 1])} of the variance: up to the dashed line.`,
    span: 1,
    draw: (width) =>
      screeChart(shares.slice(0, shown), {
        width,
        height: CHART_HEIGHT,
        ticks: 5,
        marks: [rule({ x: kept })],
      }),
  };
}

interface ScreeOptions {
  readonly width: number;
  readonly height: number;
  readonly ticks: number;
  readonly marks?: readonly Mark[];
}

/** Draws the first components' shares of the variance, each and together. */
export function screeChart(
  shares: readonly number[],
  { width, height, ticks, marks = [] }: ScreeOptions,
): Figure {
  const shown = shares.length;
  return chart({
    width,
    height,
    x: { title: "component", domain: [0.5, shown + 0.5], count: Math.min(ticks, shown) },
    y: { title: "share of variance (%)", domain: [0, 100] },
    marks: [...screeMarks(shares), ...marks],
  });
}

export function runningSums(numbers: readonly number[]): readonly number[] {
  let sum = 0;
  return numbers.map((number) => sum += number);
}

/** How many components have a share of the variance together, of which the running sums are given. */
export function countUpTo(share: number, sums: readonly number[]): number {
  return sums.findIndex((sum) => sum >= share) + 1;
}

function screeMarks(shares: readonly number[]): readonly Mark[] {
  const x = shares.map((_, index) => index + 1);
  const percents = (shares: readonly number[]) => shares.map((share) => 100 * share);
  const title = (index: number) => `${index + 1}: ${formatPercent(shares[index])}`;
  return [
    shares.length <= MOST_BARS
      ? bars({ x, y: percents(shares) }, { title })
      : line({ x, y: percents(shares) }, { tone: "blue", label: "each" }),
    line({ x, y: percents(runningSums(shares)) }, { tone: "orange", label: "together" }),
  ];
}
