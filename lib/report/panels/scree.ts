import { bars, chart, type Figure, line, type Mark, rule } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { explainedVarianceRatios } from "../../data/reduce/pca.ts";
import type { RunRecord } from "../../run/record.ts";
import { CHART_HEIGHT } from "../curves.ts";
import type { Panel } from "../panel.ts";

/** Largest number of components that are drawn as bars; more components are drawn as a line. */
const MOST_BARS = 60;

/**
 * Cumulative share of the variance up to which components are drawn. Components that are inputs of the
 * network are always drawn.
 */
const SHOWN_SHARE = 0.99;

/**
 * Returns the panel with a scree plot (Cattell, 1966): the share of the variance of each principal component,
 * and the cumulative share. A dashed line marks the last component that is an input of the network. Returns
 * undefined for a run without a reduction, and if the features have no variance.
 */
export function scree({ reduction }: RunRecord): Panel | undefined {
  if (reduction === undefined) return undefined;
  const { kept, variances } = reduction;
  if (variances.every((variance) => variance === 0)) return undefined;
  const shares = explainedVarianceRatios(variances);
  const sums = runningSums(shares);
  const shown = Math.max(kept, countUntilShare(SHOWN_SHARE, sums));
  return {
    title: "Explained variance",
    caption: `The inputs of the network are the first ${formatCount(kept)} of ` +
      `${
        formatCount(variances.length)
      } principal components (up to the dashed line), which explain ` +
      `${formatPercent(sums[kept - 1])} of the variance.`,
    span: 1,
    draw: (width) =>
      drawScree(shares.slice(0, shown), {
        width,
        height: CHART_HEIGHT,
        ticks: 5,
        marks: [rule({ x: kept })],
      }),
  };
}

/** Options of a scree plot. */
interface ScreeOptions {
  readonly width: number;
  readonly height: number;
  readonly ticks: number;
  readonly marks?: readonly Mark[];
}

/**
 * Draws a scree plot of the first components: bars for the share of each, and a line for the cumulative
 * share.
 *
 * @param shares share of the variance of each component, 0 to 1
 */
export function drawScree(
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

/** Returns the cumulative sums of numbers: [1, 2, 3] gives [1, 3, 6]. */
export function runningSums(numbers: readonly number[]): readonly number[] {
  let sum = 0;
  return numbers.map((number) => sum += number);
}

/**
 * Returns the smallest number of components whose cumulative share of the variance is at least `share`; 0 if
 * no number of components reaches it.
 *
 * @param sums cumulative shares of the variance
 */
export function countUntilShare(share: number, sums: readonly number[]): number {
  return sums.findIndex((sum) => sum >= share) + 1;
}

/** Returns the marks of a scree plot: bars or a line for each share, and a line for the cumulative shares. */
function screeMarks(shares: readonly number[]): readonly Mark[] {
  const x = shares.map((_, index) => index + 1);
  const percents = (shares: readonly number[]) => shares.map((share) => 100 * share);
  const title = (index: number) => `${index + 1}: ${formatPercent(shares[index])}`;
  return [
    shares.length <= MOST_BARS
      ? bars({ x, y: percents(shares) }, { title })
      : line({ x, y: percents(shares) }, { tone: "blue", label: "each" }),
    line({ x, y: percents(runningSums(shares)) }, { tone: "orange", label: "cumulative" }),
  ];
}
