import { chart, dots, scatter } from "deno-plot-svg";
import { formatPercent } from "../../../format/percent.ts";
import type { ExplorationRecord } from "../exploration.ts";
import { varianceShares } from "../../../data/reduce/pca.ts";
import type { Panel } from "../../../report/panel.ts";
import { PLANE_HEIGHT, planeWords } from "./components.ts";

/** More classes are told apart by nobody, and have no legend. */
const MOST_CLASSES = 60;

export function plane({ plane, classes, features, parts }: ExplorationRecord): Panel | undefined {
  if (plane === undefined) return undefined;
  const { rows, labels, x, y, variances } = plane;
  const [first, second] = varianceShares(variances).map((share) => formatPercent(share, 1));
  const isOfAll = rows.length === parts[0]?.samples && plane.features === features.min.length;
  const of = `${planeWords(plane, features.min.length)}${isOfAll ? "" : ", drawn by the seed"}`;
  const title = (index: number) => `row ${rows[index]}`;
  const marks = classes.length <= MOST_CLASSES
    ? scatter({ x, y, classes: labels }, { names: classes, title })
    : [
      dots({ x, y }, {
        tone: "blue",
        opacity: 0.75,
        title: (i) => `${classes[labels[i]]}, ${title(i)}`,
      }),
    ];
  return {
    title: "The data in a plane",
    caption: `Principal component analysis of ${of}. Classes that lie apart here ` +
      "are easy to tell apart; others may lie apart in other directions.",
    span: 2,
    draw: (width) =>
      chart({
        width,
        height: PLANE_HEIGHT,
        x: { title: `first component (${first} of the variance)` },
        y: { title: `second component (${second} of the variance)` },
        marks,
      }),
  };
}
