import { formatCount } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { Plane } from "../plane.ts";
import { explainedVarianceRatios } from "../../../data/reduce/pca.ts";
import type { Panel } from "../../../report/panel.ts";
import { countUntilShare, drawScree, runningSums } from "../../../report/panels/scree.ts";

/** Largest number of components that are drawn. */
const MOST_COMPONENTS = 30;
/** Height [px] of the charts of components and of the plane, which are side by side. */
export const PLANE_HEIGHT = 420;

/**
 * Returns the panel with the variance explained by each principal component (scree plot; Cattell, 1966).
 * Returns undefined without principal components, as for a table of two columns.
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

/**
 * Formats the numbers of samples and features from which principal components were computed, and whether the
 * features were scaled.
 *
 * @param featureCount number of features of the data
 */
export function formatPlaneSize({ rows, features, scaled }: Plane, featureCount: number): string {
  const count = features === featureCount
    ? formatCount(features)
    : `${formatCount(features)} of ${formatCount(featureCount)}`;
  const scale = scaled ? ", each divided by its standard deviation" : "";
  return `${formatCount(rows.length)} training samples with ${count} features${scale}`;
}
