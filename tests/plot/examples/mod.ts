/** The examples of `deno-plot-svg`, which are its snapshots too: each draws `<name>.svg` beside it. */
import { draw as barList } from "./bar_list.ts";
import { draw as bars } from "./bars.ts";
import { draw as calibration } from "./calibration.ts";
import { draw as heatMap } from "./heat_map.ts";
import { draw as histogram } from "./histogram.ts";
import { draw as imageGrid } from "./image_grid.ts";
import { draw as imageSheet } from "./image_sheet.ts";
import { draw as intervals } from "./intervals.ts";
import { draw as labels } from "./labels.ts";
import { draw as layeredGraph } from "./layered_graph.ts";
import { draw as line } from "./line.ts";
import { draw as lineLooks } from "./line_looks.ts";
import { draw as logarithmic } from "./logarithmic.ts";
import { draw as manyClasses } from "./many_classes.ts";
import { draw as networkDiagram } from "./network_diagram.ts";
import { draw as parallelCoordinates } from "./parallel_coordinates.ts";
import { draw as plane } from "./plane.ts";
import { draw as scatter } from "./scatter.ts";
import { draw as smallMultiples } from "./small_multiples.ts";
import { draw as table } from "./table.ts";
import { draw as weights } from "./weights.ts";

/** Functions that draw the examples, by the names of their files. */
export const examples: Readonly<Record<string, () => string>> = {
  bar_list: barList,
  bars,
  calibration,
  heat_map: heatMap,
  histogram,
  image_grid: imageGrid,
  image_sheet: imageSheet,
  intervals,
  labels,
  layered_graph: layeredGraph,
  line,
  line_looks: lineLooks,
  logarithmic,
  many_classes: manyClasses,
  network_diagram: networkDiagram,
  parallel_coordinates: parallelCoordinates,
  plane,
  scatter,
  small_multiples: smallMultiples,
  table,
  weights,
};
