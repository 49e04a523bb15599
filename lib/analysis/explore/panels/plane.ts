import { chart, dots, scatter } from "deno-plot-svg";
import { formatCount } from "../../../format/numbers.ts";
import { formatPercent } from "../../../format/percent.ts";
import type { ExplorationRecord } from "../exploration.ts";
import { explainedVarianceRatios } from "../../../data/reduce/pca.ts";
import type { Panel } from "../../../report/panel.ts";
import { formatPlaneSize, PLANE_HEIGHT } from "./components.ts";

/** Largest number of classes that have colours, shapes and a legend. More could not be distinguished. */
const MOST_CLASSES = 60;

/**
 * Returns the panel with training samples in the plane of two principal components, or of the only two
 * features. Returns undefined if the data have no plane.
 */
export function planePanel(record: ExplorationRecord): Panel | undefined {
  const { plane, classes, features, splits, columns } = record;
  if (plane === undefined) return undefined;
  const { rows, labels, variances } = plane;
  const [first, second] = explainedVarianceRatios(variances).map((share) =>
    formatPercent(share, 1)
  );
  const isOfAll = rows.length === splits[0]?.samples && plane.features === features.min.length;
  const of = `${formatPlaneSize(plane, features.min.length)}${isOfAll ? "" : ", chosen at random"}`;
  const title = (index: number) => `row ${rows[index]}`;
  const marks = classes.length <= MOST_CLASSES
    ? scatter({ x: plane.x, y: plane.y, classes: labels }, { names: classes, title })
    : [
      dots(plane, {
        tone: "blue",
        opacity: 0.75,
        title: (i) => `${classes[labels[i]]}, ${title(i)}`,
      }),
    ];
  const [x, y] = plane.isOfColumns
    ? ["feature 0", "feature 1"].map((name, feature) => columns?.[feature] ?? name)
    : [["first", first], ["second", second]].map(([which, share]) =>
      `${which} component (${share} of variance)`
    );
  return {
    title: plane.isOfColumns ? "Training samples" : "Principal components (PCA)",
    caption: plane.isOfColumns
      ? `${formatCount(rows.length)} training samples by their two features.`
      : `Principal component analysis of ${of}. Classes that are separate here are easy to separate; ` +
        "other classes may still be separate along further components.",
    span: 2,
    draw: (width) =>
      chart({ width, height: PLANE_HEIGHT, x: { title: x }, y: { title: y }, marks }),
  };
}
