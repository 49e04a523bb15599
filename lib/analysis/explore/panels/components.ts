import { formatCount } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { Plane } from "../plane.ts";
import { explainedVarianceRatios } from "../../../data/reduce/pca.ts";
import type { Panel } from "../../../report/panel.ts";
import { countUntilShare, drawScree, runningSums } from "../../../report/panels/scree.ts";

const MOST_COMPONENTS = 30;
export const PLANE_HEIGHT = 420;

/**
 * Draws the variance explained by each principal component (scree plot; Cattell, 1966). Returns undefined for a table
 * of two columns, which has no components.
 */
export function componentsPanel({ plane }: ExplorationRecord): Panel | undefined {
  if (plane === undefined || plane.isOfColumns) return undefined;
  const shares = explainedVarianceRatios(plane.variances);
  const enough = countUntilShare(0.9, runningSums(shares));
  return {
    title: "Explained variance",
    caption: "Share of the variance explained by each component (bars) and cumulatively (line). " +
      `${formatCount(enough)} of ${formatCount(shares.length)} components explain 90\u00a0%.`,
    span: 1,
    draw: (width) =>
      drawScree(shares.slice(0, MOST_COMPONENTS), { width, height: PLANE_HEIGHT, ticks: 6 }),
  };
}

export function formatPlane({ rows, features, scaled }: Plane, featureCount: number): string {
  const count = features === featureCount
    ? formatCount(features)
    : `${formatCount(features)} of ${formatCount(featureCount)}`;
  const scale = scaled ? ", each divided by its standard deviation" : "";
  return `${formatCount(rows.length)} training samples with ${count} features${scale}`;
}
