import { smallMultiples } from "deno-plot-svg";
import { boundary as observer } from "../../observe/boundary.ts";
import { overview } from "../../observe/overview.ts";
import { plane } from "../../observe/plane.ts";
import type { RunRecord } from "../../run/record.ts";
import { MOST_CLASSES } from "../grid.ts";
import { columnName } from "../inputs.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { decisionMarks } from "../network/decisions.ts";
import { plotHeight } from "../network/extent.ts";
import { momentTitle } from "../network/moments.ts";

/** Number of charts in a row. */
const COLUMNS = 4;

/** Width [px] of the plot of each chart, without the numbers of its axes. */
const PLOT = 248;

/**
 * Returns the panel with the network's decisions over the plane of two features at some moments of training.
 */
export function boundary(record: RunRecord): Panel | undefined {
  const decisions = observedValue(record, observer);
  const points = observedValue(record, plane);
  const { classes } = record;
  if (decisions === undefined || points === undefined || classes.length > MOST_CLASSES) {
    return undefined;
  }
  const columns = observedValue(record, overview)?.columns;
  return {
    title: "Decision boundary",
    caption:
      "Most probable class at each point of the plane of the two features; the stronger the colour, " +
      `the higher the probability of this class. ${
        points.validation === undefined
          ? "Dots: training samples."
          : "Small dots: training samples. Large dots: validation samples."
      }`,
    span: 3,
    draw: (width) =>
      smallMultiples({
        width,
        columns: COLUMNS,
        height: plotHeight(decisions, PLOT),
        x: { title: columnName(columns, 0), nice: false },
        y: { title: columnName(columns, 1), nice: false },
        facets: Array.from(decisions.epochs, (_, moment) => {
          const title = momentTitle(decisions, moment);
          const name = `most probable classes ${title}`;
          return { title, marks: decisionMarks(decisions, points, { classes, moment, name }) };
        }),
      }),
  };
}
