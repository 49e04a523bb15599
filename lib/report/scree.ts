import { bars, chart, formatCount, formatPercent, line, type Mark, rule } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { CHART_HEIGHT } from "./curves.ts";
import type { Panel } from "./panel.ts";

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
  const all = variances.reduce((sum, variance) => sum + variance, 0);
  if (all === 0) return undefined;
  let sum = 0;
  const sums = Float64Array.from(variances, (variance) => (sum += variance) / all);
  const enough = sums.findIndex((share) => share >= SHOWN_SHARE) + 1;
  const shown = Math.max(kept, enough);
  return {
    title: "Components",
    caption: "Share of the variance that each component has, and all up to it. The network sees " +
      `${formatCount(kept)} of ${formatCount(variances.length)}, with ` +
      `${formatPercent(sums[kept - 1] as number)} of the variance: up to the dashed line.`,
    span: 1,
    draw: (width) =>
      chart({
        width,
        height: CHART_HEIGHT,
        x: { title: "component", domain: [0.5, shown + 0.5], count: Math.min(5, shown) },
        y: { title: "share of variance (%)", domain: [0, 100] },
        marks: marksOf({
          kept,
          each: variances.subarray(0, shown).map((variance) => 100 * variance / all),
          together: sums.subarray(0, shown).map((share) => 100 * share),
        }),
      }),
  };
}

/** Shares in % of the first components, each and together, and where the kept ones end. */
function marksOf({ kept, each, together }: {
  readonly kept: number;
  readonly each: Float64Array<ArrayBuffer>;
  readonly together: Float64Array<ArrayBuffer>;
}): readonly Mark[] {
  const x = Array.from(each, (_, index) => index + 1);
  return [
    each.length <= MOST_BARS
      ? bars({ x, y: each }, { title: (index) => `${index + 1}: ${percent(each[index])}` })
      : line({ x, y: each }, { tone: "blue", label: "each" }),
    line({ x, y: together }, { tone: "orange", label: "together" }),
    rule({ x: kept }),
  ];
}

function percent(share: number | undefined): string {
  return formatPercent((share ?? NaN) / 100);
}
